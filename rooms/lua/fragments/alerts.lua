-- The alerts in force in a room, for who comes later.

-- Returns a flat list {packed newest message, 1 where the person has answered that they have seen it or 0, ...}.
local function alerts_of(alerts, alert_known, person)
  local flat, rows = {}, redis.call('HGETALL', alerts)
  for index = 1, #rows, 2 do
    flat[#flat + 1] = rows[index + 1]
    flat[#flat + 1] = redis.call('HGET', alert_known, rows[index] .. ':' .. person) == 'seen' and 1 or 0
  end
  return flat
end
