-- uses: append given mute
-- Ends a membership: from this entry on the person neither writes nor reads.
-- version tells a slow process's step from a later one: who has come back by a later account stays.
-- Returns {'ok', seq}, seq 0 where nothing had to be done.
local head, members, left = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [hash] [hash]
local log, feed, clock = KEYS[4], KEYS[5], KEYS[6]     -- [stream] [stream] [hash]
local read, here = KEYS[7], KEYS[8]                    -- [hash] [zset]
local given, warned, muted = KEYS[9], KEYS[10], KEYS[11] -- [hash] [zset] [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room = ARGV[2], ARGV[3]                  -- [id] [id]
local version = tonumber(ARGV[4])                      -- [count] of the account
local event = ARGV[5]                                  -- [msgpack]

local packed = redis.call('HGET', members, person)
local member = packed and cmsgpack.unpack(packed)
if member and (member.version or 0) > version then return {'ok', 0} end
if member then keep_mute(muted, now, person, member) end
local seq = member and append(head, log, feed, clock, room, now, event) or 0
redis.call('HDEL', members, person)
redis.call('HDEL', read, person)
local lease = redis.call('ZSCORE', here, person)
if lease then keep_lease(given, warned, person, lease) end
redis.call('ZREM', here, person)
local last = tonumber(redis.call('HGET', left, person) or '0')
redis.call('HSET', left, person, string.format('%.0f', math.max(last, version)))
return {'ok', seq}
