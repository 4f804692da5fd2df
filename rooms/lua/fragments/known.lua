-- Once in effect: what a device has already done is answered as it was (promise.md 1.2).

local REMEMBERED = 2000                    -- [commands] never forgotten below this many
local REMEMBERED_MS = 7 * 24 * 3600 * 1000 -- [ms] nor younger than this
local REMEMBERED_AT_MOST = 20000           -- [commands] whatever their age: beyond it the floor rises

-- Returns nil for a command not seen before, {'known', reply}, or a refusal.
-- digest [16 hex digits] tells a repeat from another command under the same number.
local function known(done, counter, digest)
  local kept = redis.call('HGET', done, counter)
  if kept then
    if string.sub(kept, 1, 16) ~= digest then return {'refused', 'client_id_reused', 'field', 'client_id'} end
    return {'known', string.sub(kept, 30)}
  end
  local floor = tonumber(redis.call('HGET', done, 'floor') or '0')
  if tonumber(counter) <= floor then return {'refused', 'stale'} end
  return nil
end

-- Forgets the lowest counter when there are enough younger ones; the floor says so for ever.
local function forget(done, order, now)
  local count = redis.call('ZCARD', order)
  if count <= REMEMBERED then return false end
  local counter = redis.call('ZRANGE', order, 0, 0)[1]
  local kept = redis.call('HGET', done, counter)
  if count <= REMEMBERED_AT_MOST and tonumber(string.sub(kept, 17, 29)) > now - REMEMBERED_MS then return false end
  redis.call('HSET', done, 'floor', counter)
  redis.call('HDEL', done, counter)
  redis.call('ZREM', order, counter)
  return true
end

-- reply [table] is kept as the client will be given it again.
local function remember(done, order, counter, digest, now, reply)
  redis.call('HSET', done, counter, digest .. string.format('%013.0f', now) .. cmsgpack.pack(reply))
  redis.call('ZADD', order, counter, counter)
  if forget(done, order, now) then forget(done, order, now) end
end
