-- uses: append session
-- Ends a person's sessions everywhere and tells their connections.
-- Returns {'ok'}.
local sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3] -- [hash] [stream] [hash]
local now, person, event = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [msgpack]

end_sessions(sessions, '')
tell(feed, clock, now, person, event)
return {'ok'}
