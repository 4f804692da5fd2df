-- A page of a log: what is there, and a marker where something was.

local HIDDEN = {review = true, hidden = true, moderation = true}

-- Who decides on reports reads what is hidden.
local function reads_hidden(member)
  for ground in pairs(member.grounds or {}) do
    if string.sub(ground, 1, 7) == 'report:' then return true end
  end
  return false
end

-- Returns a flat list {seq, at, event, reason, ...} of the seqs from first to last, rising, at most *most* bytes of
-- events, filled from the end that is asked for.  event is '' where the entry has gone; reason is '' where it has not,
-- or where it is only hidden from others.
local function entries_between(log, blank, first, last, most, from_the_end, all)
  if first > last then return {} end -- a seq beyond the head may be too large to be written as an id
  local seqs, rows, marks, bytes = {}, {}, {}, 0
  for _, row in ipairs(redis.call('XRANGE', log, first .. '-0', last .. '-0')) do
    rows[tonumber(string.match(row[1], '^%d+'))] = row[2]
  end
  for seq = first, last do seqs[#seqs + 1] = seq end
  if #seqs > 0 and redis.call('HLEN', blank) > 0 then
    for index, mark in ipairs(redis.call('HMGET', blank, unpack(seqs))) do marks[seqs[index]] = mark or nil end
  end
  local from, to, step = 1, #seqs, 1
  if from_the_end then from, to, step = #seqs, 1, -1 end
  local page = {}
  for index = from, to, step do
    local seq, fields = seqs[index], rows[seqs[index]]
    local mark = marks[seq] and cmsgpack.unpack(marks[seq])
    if all and fields and mark and HIDDEN[mark.reason] then mark = nil end
    local event = fields and fields[6] or ''
    bytes = bytes + #event
    if bytes > most and #page > 0 then break end
    local at = fields and fields[2] or (mark and string.format('%.0f', mark.at)) or '0'
    page[#page + 1] = {seq, at, event, mark and mark.reason or (fields and '' or 'retention')}
  end
  local flat = {}
  from, to, step = 1, #page, 1
  if from_the_end then from, to, step = #page, 1, -1 end
  for index = from, to, step do
    for _, value in ipairs(page[index]) do flat[#flat + 1] = value end
  end
  return flat
end

-- What a member may see of a room's numbers: seq of the head, epoch, the oldest entry still readable; and what holds
-- there: {locked, slow [ms], how many standing arrangements}, each '0' for none.
local function bounds(head, member)
  local row = redis.call('HMGET', head, 'seq', 'epoch', 'oldest', 'locked', 'slow', 'arranged')
  local oldest = math.max(tonumber(row[3] or '1'), tonumber(member.since or 1))
  return tonumber(row[1] or '0'), row[2] or '0', oldest, {row[4] or '0', row[5] or '0', row[6] or '0'}
end
