-- uses: append session opening factor
-- Opens a session for who holds a ticket and shows the second factor; ticket and proof are then used up.
-- Returns {'ok'} | {'refused', 'ticket_over'} | {'refused', 'wrong_second_factor'} where the proof was used before.
local account, sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local factor, ticket = KEYS[5], KEYS[6]                -- [hash] [string]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local password, digest, kept = ARGV[3], ARGV[4], ARGV[5] -- [argon2: which the ticket was given for] [hex] [msgpack]
local try, step, recovery = ARGV[6], ARGV[7], ARGV[8]  -- [hex] [step of the clock, '' for none] [hex, '' for none]

if redis.call('HGET', account, 'password') ~= password then return {'refused', 'ticket_over'} end
if redis.call('EXISTS', ticket) == 0 and not was_tried(factor, try) then return {'refused', 'ticket_over'} end
if not spend_proof(factor, try, step, recovery) then return {'refused', 'wrong_second_factor'} end
redis.call('DEL', ticket)
begin_session(sessions, feed, clock, now, person, digest, kept)
return {'ok'}
