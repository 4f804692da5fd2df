-- uses: append session audit
-- Forgets a person's second factor, who lost it; all sessions end, and the next sign-in enrols anew.
-- Returns {'ok', 1}, or {'ok', 0} where there was none.
local factor, sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local k = {due = KEYS[5], audit = KEYS[6], audit_head = KEYS[7]} -- [zset] [stream] [hash]
local now, person, event = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [msgpack]
local book, row = ARGV[4], ARGV[5]                     -- [id] [msgpack AuditRow]

local was = redis.call('DEL', factor)
end_sessions(sessions, '')
tell(feed, clock, now, person, event)
if was == 1 then audit(k, now, book, row) end
return {'ok', was}
