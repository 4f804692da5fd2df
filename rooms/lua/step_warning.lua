-- uses: known spend member append audit warning given owe move wording
-- Moves a warning by somebody's command: the all clear, a retraction, a correction, another desk.  A retraction and a
-- correction write down in the same step to whom a notice is owed; what staff end that is not their own stands in the
-- open book.
-- Returns {'ok', seq, 0 where nothing changed} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local head, members, log = KEYS[4], KEYS[5], KEYS[6]   -- [hash] [hash] [stream]
local feed, clock = KEYS[7], KEYS[8]                   -- [stream] [hash]
local k = {
  due = KEYS[9], warning = KEYS[10], in_force = KEYS[11], -- [zset] [hash] [zset]
  warned = KEYS[12], answers = KEYS[13],               -- [zset] [hash]
  audit = KEYS[14], audit_head = KEYS[15],             -- [stream] [hash]
  given = KEYS[16], here = KEYS[17], correction = KEYS[18], -- [hash] [zset] [hash]
  owed = KEYS[19], noted = KEYS[20], members = members, -- [hash] [hash]
}
local routed, edits, blank = KEYS[21], KEYS[22], KEYS[23] -- [hash] [hash] [hash]
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local event, target = ARGV[8], ARGV[9]                 -- [msgpack] [seq]
local step = cmsgpack.unpack(ARGV[10])                 -- [msgpack, see rooms/warning_record.py: Step]
local most = cmsgpack.unpack(ARGV[11])                 -- [msgpack {resident, staff}: ms from a warning to its end]
local book, row = ARGV[12], ARGV[13]                   -- [id] [msgpack AuditRow, '' for none]

local function notice_of(warning, seq)
  return {
    id = room .. ':' .. string.format('%.0f', seq), room = room, warning = warning.seq, at = warning.at,
    kind = warning.kind, what = step.what, seq = seq, reason = step.reason,
    text = step.what == 'corrected' and step.changes.text or nil,
    made = now, author = warning.person, by = person,
  }
end

-- Changes the record, and what lies beside it where it is in force.
local function write(warning)
  for name, value in pairs(step.changes) do warning[name] = value end
  if step.what == 'corrected' then warning.corrected = true end
  if step.state ~= '' then return end_warning(k, room, target, warning, step.state) end
  keep_warning(k, target, warning)
  if warning.state ~= 'in_force' then return end
  set_end(k, room, target, warning['until'])
  if step.enough >= 0 then redis.call('HSET', k.answers, target .. ':enough', step.enough) end
end

local member = member_of(members, person)
local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, not member and step.may ~= 'anybody' and NOT_FOUND)
if answer then return answer end
local warning = warning_at(k, target)
if warning and member and not may_read(member, warning.seq) and step.may ~= 'anybody' then warning = nil end
if not warning and not member then return refuse(done, counter, room, NOT_FOUND) end
answer = (warning and refuse(done, counter, room, may_say(step, warning, member, head, now)))
  or spend(bucket, now, burst, every)
if answer then return answer end
if not warning then return {'refused', 'wrong_target'} end
local is_own, is_hidden = warning.person == person, redis.call('HEXISTS', blank, target) == 1
answer = may_step(step, warning, member, person) or check_step(step, warning, member, now, most)
  or (is_hidden and step.name == 'correct' and {'refused', 'wrong_target'})
if answer then return answer end

local seq = 0
if step.name ~= 'route' or warning.desk ~= step.changes.desk then
  if is_hidden and is_own then event, step.reason = without_reason(event), '' end
  seq = append(head, log, feed, clock, room, now, event)
  if step.name == 'route' then count_routed(routed, warning, step.changes.desk) end
  write(warning)
  if step.what ~= '' then owe_all(k, now, room, notice_of(warning, seq)) end
  if step.what ~= '' and is_own then note_wording(edits, target, seq) end
  if row ~= '' and not is_own then audit(k, now, book, row) end
end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
