-- Up to where somebody was given a room's log: <seq>[:<since>][-<until>], kept in given:<room>.  since: the first entry
-- they could read, 1 where left out.  until: they have gone, and a lease that ends later was taken since.

-- Returns {seq, since, ends [ms] or nil} or nil.
local function point_of(given, person)
  local text = redis.call('HGET', given, person)
  if not text then return nil end
  local seq, since, ends = string.match(text, '^(%d+):?(%d*)%-?(%d*)$')
  return {seq = tonumber(seq), since = tonumber(since) or 1, ends = tonumber(ends)}
end

local function keep_point(given, person, point)
  local text = string.format('%.0f', point.seq)
  if point.since > 1 then text = text .. ':' .. string.format('%.0f', point.since) end
  if point.ends then text = text .. '-' .. string.format('%.0f', point.ends) end
  redis.call('HSET', given, person, text)
end

local function holds(point, seq)
  return point and point.since <= seq and seq <= point.seq
end

-- A lease, ending at *ends*, that was not given back: another process than the one that told of their going holds it,
-- or it is a dead one's.
local function stands(point, ends)
  return not (point and point.ends) or ends > point.ends
end

-- Notes for a lease that is dropped what may have been sent under it: what was raised until its end [ms].  True where
-- that is more than was known.
local function keep_lease(given, warned, person, ends)
  local point = point_of(given, person)
  local last = tonumber(redis.call('ZREVRANGEBYSCORE', warned, ends, '-inf', 'LIMIT', 0, 1)[1])
  if not last or not stands(point, tonumber(ends)) or (point and point.seq >= last) then return false end
  keep_point(given, person, {seq = last, since = point and point.since or last})
  return true
end
