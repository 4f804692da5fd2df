-- A mute outlasts the membership: who leaves a room and comes back is muted there for as long as was said.

-- Keeps it for who is about to leave.
local function keep_mute(muted, now, person, member)
  local ends = member.muted_until or 0
  if ends > now then redis.call('HSET', muted, person, string.format('%.0f', ends)) end
end

-- Returns when the mute of who comes back ends [ms], nil where there is none, and forgets it.
local function take_mute(muted, now, person)
  local ends = tonumber(redis.call('HGET', muted, person) or '0')
  redis.call('HDEL', muted, person)
  return ends > now and ends or nil
end
