-- A report and what is decided on it.  Needs append, audit, ground, inside, given.  k [table]: members, head, read, here,
-- log, feed, clock, inside, due, audit, audit_head, record, open, kept, reported, blank, edits, left, given, warned,
-- owing.  change [table], as rooms/report_record.py makes it.

local NEVER_AGAIN = '9007199254740991' -- [count] above every version of an account: who is expelled does not come back

-- The entry and its later wordings.
local function wordings(k, target)
  local seqs = {string.format('%.0f', target)}
  for seq in string.gmatch(redis.call('HGET', k.edits, seqs[1]) or '', '%d+') do seqs[#seqs + 1] = seq end
  return seqs
end

local OURS = {review = true, hidden = true, moderation = true}

-- What readers find from now on.  What its author took back stays taken back.
local function mark_entry(k, now, target, mark)
  for _, seq in ipairs(wordings(k, target)) do
    local packed = redis.call('HGET', k.blank, seq)
    if not packed or OURS[cmsgpack.unpack(packed).reason] then
      if mark == 'clear' then redis.call('HDEL', k.blank, seq)
      else redis.call('HSET', k.blank, seq, cmsgpack.pack({reason = mark, at = now})) end
    end
  end
end

-- until [ms], 0 for none; of a member who is there.
local function mute(k, person, until_ms)
  local packed = redis.call('HGET', k.members, person)
  if not packed then return end
  local member = cmsgpack.unpack(packed)
  member.muted_until = until_ms > 0 and until_ms or nil
  redis.call('HSET', k.members, person, cmsgpack.pack(member))
end

local function expel(k, now, room, person, event)
  redis.call('HSET', k.left, person, NEVER_AGAIN)
  if redis.call('HDEL', k.members, person) == 0 then return end
  append(k.head, k.log, k.feed, k.clock, room, now, event)
  redis.call('HDEL', k.read, person)
  local lease = redis.call('ZSCORE', k.here, person)
  if lease then keep_lease(k.given, k.warned, person, lease) end
  redis.call('ZREM', k.here, person)
end

-- The record as it is now, its deadline (0 for none), and where it is listed.
local function keep_report(k, change, version)
  redis.call('HSET', k.record, 'version', string.format('%.0f', version), 'body', change.body)
  local item, target = 'report:' .. change.id, string.format('%.0f', change.target)
  if change.due > 0 then redis.call('ZADD', k.due, string.format('%.0f', change.due), item)
  else redis.call('ZREM', k.due, item) end
  redis.call('ZADD', k.kept, 'NX', string.format('%.0f', change.since), change.id)
  if change.open then
    redis.call('ZADD', k.open, string.format('%.0f', change.since), change.id)
    redis.call('HSET', k.reported, target, change.id)
  else
    redis.call('ZREM', k.open, change.id)
    if redis.call('HGET', k.reported, target) == change.id then redis.call('HDEL', k.reported, target) end
  end
end

-- What persons are told is owed to them from this step on; they live in other partitions (rooms/notice.py).
local function owe_notices(k, now, notices)
  for _, row in ipairs(notices) do
    redis.call('HSET', k.owing, row[1], row[2])
    redis.call('ZADD', k.due, string.format('%.0f', now), 'notice:' .. row[1])
  end
end

-- Carries out a step and returns the seq of its first entry, or of the newest one where it has none.
local function carry_out(k, now, change, version)
  local first = 0
  for _, event in ipairs(change.entries) do
    local seq = append(k.head, k.log, k.feed, k.clock, change.room, now, event)
    if first == 0 then first = seq end
  end
  if change.mark ~= '' then mark_entry(k, now, change.target, change.mark) end
  if change.mute >= 0 then mute(k, change.author, change.mute) end
  if change.expelled ~= '' then expel(k, now, change.room, change.author, change.expelled) end
  if change.readmits then
    redis.call('HDEL', k.left, change.author)
    redis.call('ZADD', k.due, string.format('%.0f', now), 'readmit:' .. change.author .. ':' .. change.room)
  end
  keep_report(k, change, version)
  if not change.open then end_ground(k, now, {room = change.room, book = change.book}, 'report:' .. change.id) end
  owe_notices(k, now, change.notices)
  local at, copy = next_in(k.clock, now)
  feed_on(k.feed, k.clock, at, copy, 'o', 'municipality', 'e', change.told)
  for _, row in ipairs(change.audit) do
    if row[2] == '' then audit(k, now, change.book, row[1]) else audit_words(k, now, change.book, row[1], row[2]) end
  end
  return first > 0 and first or tonumber(redis.call('HGET', k.head, 'seq') or '0')
end
