-- Belonging is looked up in the same atomic step that reads or writes (promise.md 1.8).

-- Returns the member {role, since, version, muted_until?} or nil.
local function member_of(members, person)
  local packed = redis.call('HGET', members, person)
  return packed and cmsgpack.unpack(packed)
end

local NOT_FOUND = {'refused', 'not_found'}

-- Returns nil where the member may write in the room, else the refusal.
local function may_write(member, head, now)
  if not member then return NOT_FOUND end
  if (member.muted_until or 0) > now then return {'refused', 'muted'} end
  if member.role == 'resident' and redis.call('HEXISTS', head, 'locked') == 1 then return {'refused', 'room_locked'} end
  return nil
end
