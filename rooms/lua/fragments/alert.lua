-- An alert: its record, its deadline, its place among the others, and which staff are told how it stands now.  Needs
-- append and record.  k [table]: record, alerts, due, feed, clock.

-- Keeps the alert as it is now.  change [table], as rooms/alert_record.py makes it; version [count] from now on.
local function keep_alert(k, now, change, version)
  redis.call('HSET', k.record, 'version', string.format('%.0f', version), 'body', change.body)
  redis.call('ZADD', k.alerts, string.format('%.0f', change.changed), change.id)
  if change.due > 0 then redis.call('ZADD', k.due, string.format('%.0f', change.due), change.id)
  else redis.call('ZREM', k.due, change.id) end
  for _, row in ipairs(change.tells) do tell_staff(k.feed, k.clock, now, row[1], row[2]) end
end
