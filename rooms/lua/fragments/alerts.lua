-- The alerts in force in a room, for who comes later.  Needs seen.

-- Returns a flat list {packed newest message, n of the message that the person has answered to have seen or 0, ...}.
local function alerts_of(alerts, alert_known, person)
  local flat, rows = {}, redis.call('HGETALL', alerts)
  for index = 1, #rows, 2 do
    flat[#flat + 1] = rows[index + 1]
    flat[#flat + 1] = seen_in(redis.call('HGET', alert_known, rows[index] .. ':' .. person))
  end
  return flat
end
