-- uses: append mute
-- Makes a person a member of a room and says so in its log; a member stays as he is.
-- version tells a slow process's step from a later one: who has left by a later account does not come back.
-- Returns {'ok', seq}, seq 0 where nothing had to be done.
local head, members, left = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [hash] [hash]
local log, feed, clock = KEYS[4], KEYS[5], KEYS[6]     -- [stream] [stream] [hash]
local muted = KEYS[7]                                  -- [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room, role = ARGV[2], ARGV[3], ARGV[4]   -- [id] [id] [role]
local version = tonumber(ARGV[5])                      -- [count] of the account
local event = ARGV[6]                                  -- [msgpack]

local packed = redis.call('HGET', members, person)
if packed then
  local member = cmsgpack.unpack(packed)
  member.version = math.max(member.version or 0, version)
  redis.call('HSET', members, person, cmsgpack.pack(member))
  return {'ok', 0}
end
if tonumber(redis.call('HGET', left, person) or '0') >= version then return {'ok', 0} end
local seq = append(head, log, feed, clock, room, now, event)
local member = {role = role, since = 1, version = version, muted_until = take_mute(muted, now, person)}
redis.call('HSET', members, person, cmsgpack.pack(member))
redis.call('HDEL', left, person)
return {'ok', seq}
