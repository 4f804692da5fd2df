-- uses: given owe seen
-- How far an alert has come among the residents of one room.  Sent is what left for a connected device of theirs, and
-- what a device says that it has; seen is its newest message; who has moved away since counts no longer.
-- Returns {'ok', residents, sent, delivered, seen}.
local members, alerted, known = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [hash]
local given, here, alerts = KEYS[4], KEYS[5], KEYS[6]  -- [hash] [zset] [hash]
local alert = ARGV[1]                                  -- [id]

local kept = redis.call('HGET', alerted, alert)
local seq, at = string.match(kept or '', '^%d+:(%d+):(%d+)$') -- of its first entry
seq, at = tonumber(seq), tonumber(at)
local found = seq and given_to(given, here, seq, at) or {}

-- Who came later was given it with the room, where it was pinned.
local function was_sent(person)
  local point = seq and point_of(given, person)
  return found[person] or (point and point.seq >= seq)
end

local all, sent, delivered, seen = 0, 0, 0, 0
local last = last_said(alerts, alerted, alert) or 1
local rows = redis.call('HGETALL', members)
for index = 1, #rows, 2 do
  if cmsgpack.unpack(rows[index + 1]).role == 'resident' then
    local person = rows[index]
    local state = redis.call('HGET', known, alert .. ':' .. person)
    all = all + 1
    if state or was_sent(person) then sent = sent + 1 end
    if state then delivered = delivered + 1 end
    if seen_in(state) >= last then seen = seen + 1 end
  end
end
return {'ok', all, sent, delivered, seen}
