-- A case: its record, its deadline, its place among the open ones, and what a move of it tells whom.

-- Tells the staff of an organisation.
local function tell_staff(feed, clock, now, organisation, event)
  local at, copy = next_in(clock, now)
  feed_on(feed, clock, at, copy, 'o', organisation, 'e', event)
end

-- Keeps the case as it is now: its body, its deadline (0 for none), and where it is listed.
local function keep(k, change, version)
  redis.call('HSET', k.record, 'version', string.format('%.0f', version), 'body', change.body)
  local item = 'escalation:' .. change.id
  if change.due > 0 then redis.call('ZADD', k.due, string.format('%.0f', change.due), item)
  else redis.call('ZREM', k.due, item) end
  if change.open then redis.call('ZADD', k.open, string.format('%.0f', change.since), change.id)
  else redis.call('ZREM', k.open, change.id) end
  -- With the seq from which one may read to be shown it: staff who entered later for another case are not.
  local first = string.format('%016d', tonumber(redis.call('HGET', k.record, 'seq')))
  if change.view ~= '' then redis.call('HSET', k.cases, change.id, first .. change.view)
  else redis.call('HDEL', k.cases, change.id) end
  local was = change.was_called
  if was ~= '' and redis.call('HGET', k.called, was) == change.id then redis.call('HDEL', k.called, was) end
  if change.open and change.called ~= '' then redis.call('HSETNX', k.called, change.called, change.id) end
end

-- Who came on duty between the reading of the roster and this move has looked for cases before this one stood so: it is
-- compared with the roster once more (rooms/overdue.py).
local RECHECK_MS = 1000 -- [ms]
local function recheck(rechecks, now, case, version)
  redis.call('ZADD', rechecks, string.format('%.0f', now + RECHECK_MS), string.format('%s:%.0f', case, version))
end

-- Carries out a move and returns the seq of its first entry, 0 for none.  change [table], as rooms/case_record.py
-- makes it; version [count] of the record from now on.
local function commit(k, now, change, version)
  local first = 0
  for _, event in ipairs(change.entries) do
    local seq = append(k.head, k.log, k.feed, k.clock, change.room, now, event)
    if first == 0 then first = seq end
  end
  if version == 1 then redis.call('HSET', k.record, 'seq', string.format('%.0f', first)) end
  local since = change.from > 0 and change.from or tonumber(redis.call('HGET', k.record, 'seq'))
  for _, row in ipairs(change.enters) do
    enter_on(k, row[1], row[2], change.id, since)
    if row[3] ~= '' then append(k.head, k.log, k.feed, k.clock, change.room, now, row[3]) end
  end
  for _, row in ipairs(change.leaves) do
    if leave_on(k, row[1], change.id) then
      append(k.head, k.log, k.feed, k.clock, change.room, now, row[2])
    end
  end
  keep(k, change, version)
  if change.open then recheck(k.rechecks, now, change.id, version) end
  for _, row in ipairs(change.tells) do tell(k.feed, k.clock, now, row[1], row[2]) end
  for _, row in ipairs(change.desks) do tell_staff(k.feed, k.clock, now, row[1], row[2]) end
  if change.aside ~= '' then tell_others(k.fleeting, change.room, '', change.aside) end
  for _, row in ipairs(change.audit) do audit(k, now, change.book, row) end
  return first
end
