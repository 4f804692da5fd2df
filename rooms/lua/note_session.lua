-- Notes the hour in which a session was used, where it was another one; never that of one that has ended.
-- Returns {'ok', 1 where it was noted, else 0}.
local sessions = KEYS[1]                               -- [hash]
local digest, hour = ARGV[1], tonumber(ARGV[2])        -- [hex] [ms: the beginning of it]

local kept = redis.call('HGET', sessions, digest)
if not kept then return {'ok', 0} end
local session = cmsgpack.unpack(kept)
if (session.seen or 0) >= hour then return {'ok', 0} end
session.seen = hour
redis.call('HSET', sessions, digest, cmsgpack.pack(session))
return {'ok', 1}
