-- Once in effect: what a device has already done is answered as it was (promise.md 1.2).

local REMEMBERED = 2000                    -- [commands] never forgotten below this many
local REMEMBERED_MS = 7 * 24 * 3600 * 1000 -- [ms] nor younger than this
local REMEMBERED_AT_MOST = 20000           -- [commands] whatever their age: beyond it the floor rises

-- Returns nil for a command not seen before, {'known', reply}, or a refusal.
-- digest [16 hex digits] tells a repeat from another command under the same number.
local function known(done, counter, digest, room)
  local row = redis.call('HMGET', done, counter, 'floor', 'refused:' .. room)
  local kept = row[1]
  if kept then
    if string.sub(kept, 1, 16) ~= digest then return {'refused', 'client_id_reused', 'field', 'client_id'} end
    return {'known', string.sub(kept, 30)}
  end
  if tonumber(counter) <= tonumber(row[2] or '0') then return {'refused', 'stale'} end
  local last, code = string.match(row[3] or '', '^(%d+) (%S+)$')
  if last and tonumber(counter) <= tonumber(last) then return {'refused', code} end
  return nil
end

local FINAL = {not_found = true, muted = true}

-- Returns the refusal, and keeps it where only a change of rights could turn it: a copy of the command that is still
-- under way must not take effect when its author, who was told no, has come back.  A room's commands leave a device
-- one after the other, so the last counter that was refused stands for those before it.
local function refuse(done, counter, room, refusal)
  if refusal and FINAL[refusal[2]] then
    redis.call('HSET', done, 'refused:' .. room, counter .. ' ' .. refusal[2])
  end
  return refusal
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
