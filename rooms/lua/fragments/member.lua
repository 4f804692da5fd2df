-- Belonging is looked up in the same atomic step that reads or writes (promise.md 1.8).

-- Returns the member {role, since, version, muted_until?, next_at?} or nil.
local function member_of(members, person)
  local packed = redis.call('HGET', members, person)
  return packed and cmsgpack.unpack(packed)
end

local NOT_FOUND = {'refused', 'not_found'}

-- Who came on a ground reads from its first entry on; what lies before is not there for them.
local function may_read(member, seq)
  return (member.since or 1) <= seq
end

-- Returns nil where the member may write in the room, else the refusal; and the pause [ms] that the room asks of a
-- resident between two messages, nil for none.
local function may_write(member, head, now)
  if not member then return NOT_FOUND end
  if (member.muted_until or 0) > now then return {'refused', 'muted'} end
  if member.role ~= 'resident' then return nil end
  local row = redis.call('HMGET', head, 'locked', 'slow')
  if row[1] then return {'refused', 'room_locked'} end
  return nil, tonumber(row[2])
end
