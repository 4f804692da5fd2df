-- uses: member page pinned seen alerts
-- What a member who connects needs of one room: its numbers, what was missed since the cursor, its cases, its
-- warnings, its alerts.
-- Returns {'ok', head, epoch, oldest, read, here, reset, more, {seq, at, event, reason, ...},
--         {packed case, ...}, {packed warning, counts and own answer, ...},
--         {packed message, n that was seen or 0, ...}, {1 for locked or 0, slow [ms], muted until [ms], {packed
--         arrangement, ...}}}
--       | {'refused', 'not_found'}.  reset is 1 where the cursor points to what is not there (any longer).
local head, members, log, blank = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local read, here, cases = KEYS[5], KEYS[6], KEYS[7]    -- [hash] [zset] [hash]
local warning, in_force, answers = KEYS[8], KEYS[9], KEYS[10] -- [hash] [zset] [hash]
local alerts, alert_known = KEYS[11], KEYS[12]         -- [hash] [hash]
local arrangements = KEYS[13]                          -- [hash]
local person, now = ARGV[1], ARGV[2]                   -- [id] [ms]
local cursor_epoch, cursor = ARGV[3], tonumber(ARGV[4]) -- [epoch, '' where the client gave none] [seq, -1 for none]
local limit, most = tonumber(ARGV[5]), tonumber(ARGV[6]) -- [count] [bytes]

local member = member_of(members, person)
if not member then return NOT_FOUND end
local newest, epoch, oldest, holds_there = bounds(head, member)

local reset, more, page = 0, 0, {}
if cursor >= 0 then
  if (cursor_epoch ~= '' and cursor_epoch ~= epoch) or cursor > newest or cursor < oldest - 1 then
    reset = 1
  else
    page = entries_between(log, blank, cursor + 1, math.min(newest, cursor + limit), most, false, reads_hidden(member))
    local last = #page > 0 and page[#page - 3] or cursor
    more = last < newest and 1 or 0
  end
end
local since, shown = tonumber(member.since or 1), {}
for _, row in ipairs(redis.call('HVALS', cases)) do -- 16 digits: the seq of the case's first entry; then its view
  if tonumber(string.sub(row, 1, 16)) >= since then shown[#shown + 1] = string.sub(row, 17) end
end
local seen = redis.call('HGET', read, person) or '0'
return {'ok', newest, epoch, oldest, seen, redis.call('ZCOUNT', here, '(' .. now, '+inf'), reset, more, page,
  shown, pinned(warning, in_force, answers, person, since), alerts_of(alerts, alert_known, person),
  {holds_there[1], holds_there[2], string.format('%.0f', member.muted_until or 0),
    holds_there[3] ~= '0' and redis.call('HVALS', arrangements) or {}}}
