-- uses: append session opening
-- Opens a session; the oldest beyond the newest 20 end.
-- Returns {'ok'} | {'refused', 'wrong_credentials'} where the account has gone meanwhile.
local account, sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local digest, kept = ARGV[3], ARGV[4]                  -- [hex] [msgpack]

if redis.call('EXISTS', account) == 0 then return {'refused', 'wrong_credentials'} end
begin_session(sessions, feed, clock, now, person, digest, kept)
return {'ok'}
