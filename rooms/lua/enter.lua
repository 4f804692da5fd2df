-- uses: append
-- Makes a person a member of a room and says so in its log; a member stays as he is.
-- Returns {'ok', seq}, seq 0 where nothing had to be done.
local head, members = KEYS[1], KEYS[2]                 -- [hash] [hash]
local log, feed, clock = KEYS[3], KEYS[4], KEYS[5]     -- [stream] [stream] [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room, role = ARGV[2], ARGV[3], ARGV[4]   -- [id] [id] [role]
local event = ARGV[5]                                  -- [msgpack]

if redis.call('HEXISTS', members, person) == 1 then return {'ok', 0} end
local seq = append(head, log, feed, clock, room, now, event)
redis.call('HSET', members, person, cmsgpack.pack({role = role, since = 1}))
return {'ok', seq}
