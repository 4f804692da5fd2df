-- To whom a notice is owed: who was given the warning that is taken back or corrected (product.md 4).

-- Everybody who was given the warning at *seq*, raised at *at*, as a set.  A lease that ran on then and was never given
-- back is that of a process that died: what it sent was never confirmed.
local function given_to(given, here, seq, at)
  local found = {}
  for _, person in ipairs(redis.call('HKEYS', given)) do
    if holds(point_of(given, person), seq) then found[person] = true end
  end
  local rows = redis.call('ZRANGEBYSCORE', here, string.format('%.0f', at), '+inf', 'WITHSCORES')
  for index = 1, #rows, 2 do
    if stands(point_of(given, rows[index]), tonumber(rows[index + 1])) then found[rows[index]] = true end
  end
  return found
end

-- Notes that the notice is owed, unless it was before; true where it is new.  k [table]: members, given, owed, noted.
-- Whose doing it is needs none, nor does who could not read the warning, having come into the room later; who was in it
-- before that, and came again, is told as who has left.
local function owe(k, person, notice)
  if person == notice.author or person == notice.by then return false end
  local packed, field = redis.call('HGET', k.members, person), string.format('%.0f', notice.seq) .. ':' .. person
  local may_read = packed and (cmsgpack.unpack(packed).since or 1) <= notice.warning
  if may_read and notice.alert then return false end -- of an alert members are given the entry itself
  if not may_read and not holds(point_of(k.given, person), notice.warning) then return false end
  if redis.call('HEXISTS', k.noted, field) == 1 then return false end
  return redis.call('HSETNX', k.owed, field, may_read and 'member' or 'left') == 1
end

local function set_owing(due, now, room, seq)
  redis.call('ZADD', due, string.format('%.0f', now), 'correction:' .. room .. ':' .. string.format('%.0f', seq))
end

-- Writes down a notice, and that it is owed to everybody who was given the warning.  k [table]: correction, here and due
-- as well.
local function owe_all(k, now, room, notice)
  redis.call('HSET', k.correction, string.format('%.0f', notice.seq), cmsgpack.pack(notice))
  for person in pairs(given_to(k.given, k.here, notice.warning, notice.at)) do owe(k, person, notice) end
  set_owing(k.due, now, room, notice.seq)
end
