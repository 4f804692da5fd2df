-- uses: append session opening factor
-- Sets a person's second factor, shown to be in hand by a code of it, and opens a session; those without it end.
-- Returns {'ok'} | {'refused', 'ticket_over'} where the ticket is over, or somebody enrolled meanwhile.
local account, sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local factor, ticket = KEYS[5], KEYS[6]                -- [hash] [string]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local password, digest, kept = ARGV[3], ARGV[4], ARGV[5] -- [argon2: which the ticket was given for] [hex] [msgpack]
local try, step, secret = ARGV[6], ARGV[7], ARGV[8]    -- [hex] [step of the clock] [sealed]
local event, first = ARGV[9], 10                       -- [msgpack]
-- ARGV from the tenth on: digests of the recovery codes [hex]

if was_tried(factor, try) then return {'ok'} end
local is_known = redis.call('HGET', account, 'password') == password
if not is_known or redis.call('EXISTS', ticket) == 0 or redis.call('EXISTS', factor) == 1 then
  return {'refused', 'ticket_over'}
end
redis.call('HSET', factor, 'secret', secret, 'since', ARGV[1], 'step', step, 'try', try)
keep_codes(factor, first)
redis.call('DEL', ticket)
end_sessions(sessions, '')
tell(feed, clock, now, person, event)
begin_session(sessions, feed, clock, now, person, digest, kept)
return {'ok'}
