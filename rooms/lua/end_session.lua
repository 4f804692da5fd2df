-- uses: append session
-- Ends one session and tells its connections.
-- Returns {'ok'}.
local sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3] -- [hash] [stream] [hash]
local now, person, digest = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [hex]
local event = ARGV[4]                                  -- [msgpack]

if redis.call('HDEL', sessions, digest) == 1 then tell(feed, clock, now, person, event) end
return {'ok'}
