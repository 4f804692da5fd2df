-- Staff who came into a room by themselves, on a ground: who they are, and what ends their stay.  Needs append, audit,
-- ground.  k [table]: members, head, read, here, log, feed, clock, inside, due, audit, audit_head.
-- place [table]: room [id], book [id].

-- The items of *due* that end a stay: by the last device's going, and by the ground's being no more.
local function ends_of(place, person)
  return 'inside:' .. person .. ':' .. place.room, 'ground:' .. person .. ':' .. place.room
end

local function as_ground(text)
  local kind, id = string.match(text, '^(%a+):(.+)$')
  return {kind = kind or 'case', id = id or text}
end

-- Takes these grounds away from somebody inside, nil for all; the open book says so of each, the log when the stay ends
-- with it.
local function go_out(k, now, place, person, grounds)
  local packed = redis.call('HGET', k.inside, person)
  if not packed then return false end
  local inside = cmsgpack.unpack(packed)
  if not grounds then
    grounds = {}
    for ground in pairs(inside.grounds) do grounds[#grounds + 1] = ground end
  end
  for _, ground in ipairs(grounds) do
    local is_held = inside.grounds[ground] and is_in_on(k, person, ground) -- not where the end of a case took it already
    inside.grounds[ground] = nil
    if is_held then
      local data = {person = inside.by, ground = as_ground(ground)}
      if leave_on(k, person, ground) then
        append(k.head, k.log, k.feed, k.clock, place.room, now,
          cmsgpack.pack({name = 'staff.left', by = inside.by, data = data}))
      end
      audit(k, now, place.book,
        cmsgpack.pack({deed = 'staff.left', by = inside.by, room = place.room, ground = data.ground}))
    end
  end
  if next(inside.grounds) then
    redis.call('HSET', k.inside, person, cmsgpack.pack(inside))
  else
    redis.call('HDEL', k.inside, person)
    redis.call('ZREM', k.due, ends_of(place, person))
  end
  return true
end

-- Takes this ground away from everybody who is inside on it.
local function end_ground(k, now, place, ground)
  for _, person in ipairs(redis.call('HKEYS', k.inside)) do go_out(k, now, place, person, {ground}) end
end
