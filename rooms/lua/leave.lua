-- uses: append
-- Ends a membership: from this entry on the person neither writes nor reads.
-- Returns {'ok', seq}, seq 0 where the person was no member.
local head, members = KEYS[1], KEYS[2]                 -- [hash] [hash]
local log, feed, clock = KEYS[3], KEYS[4], KEYS[5]     -- [stream] [stream] [hash]
local read, here = KEYS[6], KEYS[7]                    -- [hash] [zset]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room = ARGV[2], ARGV[3]                  -- [id] [id]
local event = ARGV[4]                                  -- [msgpack]

if redis.call('HEXISTS', members, person) == 0 then return {'ok', 0} end
local seq = append(head, log, feed, clock, room, now, event)
redis.call('HDEL', members, person)
redis.call('HDEL', read, person)
redis.call('ZREM', here, person)
return {'ok', seq}
