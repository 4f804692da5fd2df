-- uses: append audit given owe gone
-- Brings one message of an alert into rooms of one partition, once into each, however often and by how many processes
-- it is tried: a room that had this message, or a later one, is passed over.  The book of a neighbourhood tells of it
-- once, whichever of its rooms it came into; who was given the first message and has left since is owed a notice.
-- Returns {'ok', id of a room that could not take it, ...}: it keeps the message from none of the others.
local feed, clock, due = KEYS[1], KEYS[2], KEYS[3]     -- [stream] [hash] [zset]
-- KEYS[4...]: of each room, in the order of OF_ROOM: head [hash], log [stream], alerts [hash], alerted [hash],
-- audit [stream], audit_head [hash], members [hash], given [hash], correction [hash], owed [hash], noted [hash]
local OF_ROOM = {
  'head', 'log', 'alerts', 'alerted', 'audit', 'audit_head',
  'members', 'given', 'correction', 'owed', 'noted',
}
local now, alert, n = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]) -- [ms] [id] [count]
local event = ARGV[4]                                  -- [msgpack]
local kept = ARGV[5] ~= '' and cmsgpack.unpack(ARGV[5]) -- [msgpack {n, by, data}; '' where it ends the alert]
local rows = ARGV[6] ~= '' and cmsgpack.unpack(ARGV[6]) -- [msgpack {msgpack AuditRow, ...}; '' for what the clock did]
local notice = ARGV[7] ~= '' and cmsgpack.unpack(ARGV[7]) -- [msgpack {what, headline}; '' where nobody is owed one]
-- ARGV[8...]: [id] [id] of each room and its book

local function note(k, book)
  local field = 'alert:' .. alert
  if not rows or tonumber(redis.call('HGET', k.audit_head, field) or '0') >= n then return end
  redis.call('HSET', k.audit_head, field, n)
  local of_book = {audit = k.audit, audit_head = k.audit_head, due = due}
  for _, row in ipairs(rows) do audit(of_book, now, book, row) end
end

-- Keeps the message for who comes later, or nothing where it ends the alert.
local function pin(k, seq, at)
  if not kept then return redis.call('HDEL', k.alerts, alert) end
  kept.seq, kept.at = seq, at
  redis.call('HSET', k.alerts, alert, cmsgpack.pack(kept))
end

local function bring(k, room)
  local was = redis.call('HGET', k.alerted, alert) or '0'
  if tonumber(string.match(was, '^%d+')) >= n then return end
  local first, first_at = string.match(was, ':(%d+):(%d+)$')
  local gone = notice and first and gone_since(k, tonumber(first)) or {}
  local seq = append(k.head, k.log, feed, clock, room, now, event)
  local at = redis.call('HGET', clock, 'at')
  local begun = first and first .. ':' .. first_at or string.format('%.0f:%s', seq, at)
  redis.call('HSET', k.alerted, alert, string.format('%.0f:%s', n, begun))
  pin(k, seq, tonumber(at))
  if not notice or not first then return end
  local told = {room = room, warning = tonumber(first), at = tonumber(first_at), seq = seq, alert = alert, n = n}
  told.what, told.headline = notice.what, notice.headline
  owe_gone(k, due, now, told, gone)
end

local answer = {'ok'}
for index = 8, #ARGV, 2 do
  local k, before = {}, #OF_ROOM * (index - 8) / 2 + 3
  for place, name in ipairs(OF_ROOM) do k[name] = KEYS[before + place] end
  if pcall(bring, k, ARGV[index]) then pcall(note, k, ARGV[index + 1])
  else answer[#answer + 1] = ARGV[index] end
end
return answer
