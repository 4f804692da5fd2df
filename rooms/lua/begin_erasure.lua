-- uses: append session
-- Ends an account whose person is to be erased: it, its sessions and what was kept for it are gone at once; the record
-- that stays says by its deadline that the rest is still to be done.
-- Returns {'ok', 1}, or {'ok', 0} where there is no such account (any longer).
local account, sessions, factor = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [hash]
local guest, corrections, notices = KEYS[4], KEYS[5], KEYS[6] -- [hash] [hash] [hash]
local erasing, due = KEYS[7], KEYS[8]                  -- [hash] [zset]
local feed, clock = KEYS[9], KEYS[10]                  -- [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local event = ARGV[3]                                  -- [msgpack]

local row = redis.call('HMGET', account, 'version', 'rooms', 'leaving')
if not row[1] then return {'ok', 0} end
local rooms = cmsgpack.unpack(row[2])
for _, room in ipairs(cmsgpack.unpack(row[3])) do rooms[#rooms + 1] = room end
tell(feed, clock, now, person, event)
redis.call('HSET', erasing, 'version', row[1], 'rooms', cmsgpack.pack(rooms))
redis.call('ZADD', due, ARGV[1], 'erase:' .. person)
redis.call('ZREM', due, 'settle:' .. person)
redis.call('DEL', account, sessions, factor, guest, corrections, notices)
return {'ok', 1}
