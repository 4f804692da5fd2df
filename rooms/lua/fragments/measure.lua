-- A report and what is decided on it.  Needs append, audit, ground, inside, given, wording, mute.
-- k [table]: members, head, read, here, log, feed, clock, inside, due, audit, audit_head, record, open, kept, reported,
-- blank, edits, left, given, warned, owing, judged, muted.  change [table], as rooms/report_record.py makes it.

local NEVER_AGAIN = '9007199254740991' -- [count] above every version of an account: who is expelled does not come back

local OURS = {review = true, hidden = true, moderation = true}

-- Of an alert nothing is ever hidden, whoever asks: it is the police's own, and signed.
local function is_of_an_alert(k, seq)
  local row = redis.call('XRANGE', k.log, seq .. '-0', seq .. '-0')[1]
  return row and string.sub(cmsgpack.unpack(row[2][6]).name, 1, 6) == 'alert.'
end

-- What readers find from now on.  What its author took back stays taken back.
local function mark_entry(k, now, target, mark)
  for _, seq in ipairs(wordings(k.edits, string.format('%.0f', target))) do
    local packed = redis.call('HGET', k.blank, seq)
    local is_ours = not packed or OURS[cmsgpack.unpack(packed).reason]
    if is_ours and not is_of_an_alert(k, seq) then
      if mark == 'clear' then redis.call('HDEL', k.blank, seq)
      else redis.call('HSET', k.blank, seq, cmsgpack.pack({reason = mark, at = now})) end
    end
  end
end

-- until_ms [ms], 0 for none; of who has left as well.  lifts [ms]: the end of the mute that goes for it, 0 for any: one
-- that was of something else is not shortened, whether by no mute or by another.
local function mute(k, now, person, until_ms, lifts)
  local packed = redis.call('HGET', k.members, person)
  local member = packed and cmsgpack.unpack(packed) or {muted_until = take_mute(k.muted, now, person)}
  local stands = member.muted_until or 0
  if stands == lifts or (lifts == 0 and until_ms == 0) then stands = 0 end
  local ends = math.max(stands, until_ms)
  member.muted_until = ends > 0 and ends or nil
  if packed then redis.call('HSET', k.members, person, cmsgpack.pack(member))
  else keep_mute(k.muted, now, person, member) end
end

local function expel(k, now, room, person, event)
  redis.call('HSET', k.left, person, NEVER_AGAIN)
  local packed = redis.call('HGET', k.members, person)
  if not packed then return end
  keep_mute(k.muted, now, person, cmsgpack.unpack(packed))
  redis.call('HDEL', k.members, person)
  append(k.head, k.log, k.feed, k.clock, room, now, event)
  redis.call('HDEL', k.read, person)
  local lease = redis.call('ZSCORE', k.here, person)
  if lease then keep_lease(k.given, k.warned, person, lease) end
  redis.call('ZREM', k.here, person)
end

-- Whoever reports the entry joins the first that is open on it.  One that an appeal opened again may stand beside it:
-- it is counted, under a field of its own, until the first is closed.
local function list_by_entry(k, id, target, is_open)
  local first, own = redis.call('HGET', k.reported, target), target .. ':' .. id
  if not is_open then
    redis.call('HDEL', k.reported, own)
    if first == id then redis.call('HDEL', k.reported, target) end
  elseif not first or first == id then
    redis.call('HDEL', k.reported, own)
    redis.call('HSET', k.reported, target, id)
  else
    redis.call('HSET', k.reported, own, id)
  end
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
  else
    redis.call('ZREM', k.open, change.id)
  end
  if change.judges then redis.call('HSET', k.judged, target, redis.call('HGET', k.head, 'seq') .. ' ' .. change.id) end
  list_by_entry(k, change.id, target, change.open)
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
  if change.mute >= 0 then mute(k, now, change.author, change.mute, change.lifts) end
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
