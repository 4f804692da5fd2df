-- Belonging on a ground: staff who came for a case, a report, an alert or an arrangement, and the asker of a private
-- case.  k [table]: members, read, here.  ground [text]: the id of a case, else <kind>:<id>.

-- Lets a member read from the earliest of its grounds on; one who is of the room without any keeps its own beginning.
local function read_from(member)
  if member.version then return end
  member.since = nil
  for _, since in pairs(member.grounds) do member.since = math.min(member.since or since, since) end
end

-- Makes somebody a member on the ground, from the entry *since* on; true where the ground is new.
local function enter_on(k, person, role, ground, since)
  local packed = redis.call('HGET', k.members, person)
  local member = packed and cmsgpack.unpack(packed) or {role = role}
  member.grounds = member.grounds or {}
  local is_new = not member.grounds[ground]
  member.grounds[ground] = since
  read_from(member)
  redis.call('HSET', k.members, person, cmsgpack.pack(member))
  return is_new
end

local function is_in_on(k, person, ground)
  local packed = redis.call('HGET', k.members, person)
  local grounds = packed and cmsgpack.unpack(packed).grounds
  return grounds and grounds[ground] ~= nil
end

-- Takes the ground away; true where the membership ended with it.
local function leave_on(k, person, ground)
  local packed = redis.call('HGET', k.members, person)
  if not packed then return false end
  local member = cmsgpack.unpack(packed)
  if member.grounds then member.grounds[ground] = nil end
  if member.grounds and next(member.grounds) then
    read_from(member)
    redis.call('HSET', k.members, person, cmsgpack.pack(member))
    return false
  end
  member.grounds = nil
  if member.version then
    redis.call('HSET', k.members, person, cmsgpack.pack(member))
    return false
  end
  redis.call('HDEL', k.members, person)
  redis.call('HDEL', k.read, person)
  redis.call('ZREM', k.here, person)
  return true
end
