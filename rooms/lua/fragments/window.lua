-- Wrong attempts in a window of time that begins with the first one.

-- Returns the window's start and the count so far; a window that is over counts nothing.
local function window_of(tries, now, length)
  local start, count = string.match(redis.call('GET', tries) or '', '^(%d+) (%d+)$')
  start, count = tonumber(start or now), tonumber(count or 0)
  if start + length <= now then return now, 0 end
  return start, count
end
