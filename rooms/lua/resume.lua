-- uses: member page pinned
-- What a member who connects needs of one room: its numbers, what was missed since the cursor, its cases, its warnings.
-- Returns {'ok', head, epoch, oldest, read, here, reset, more, {seq, at, event, reason, ...},
--         {packed case, ...}, {packed warning, counts and own answer, ...}}
--       | {'refused', 'not_found'}.  reset is 1 where the cursor points to what is not there (any longer).
local head, members, log, blank = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local read, here, cases = KEYS[5], KEYS[6], KEYS[7]    -- [hash] [zset] [hash]
local warning, in_force, answers = KEYS[8], KEYS[9], KEYS[10] -- [hash] [zset] [hash]
local person, now = ARGV[1], ARGV[2]                   -- [id] [ms]
local cursor_epoch, cursor = ARGV[3], tonumber(ARGV[4]) -- [epoch, '' where the client gave none] [seq, -1 for none]
local limit, most = tonumber(ARGV[5]), tonumber(ARGV[6]) -- [count] [bytes]

local member = member_of(members, person)
if not member then return NOT_FOUND end
local newest, epoch, oldest = bounds(head, member)

local reset, more, page = 0, 0, {}
if cursor >= 0 then
  if (cursor_epoch ~= '' and cursor_epoch ~= epoch) or cursor > newest or cursor < oldest - 1 then
    reset = 1
  else
    page = entries_between(log, blank, cursor + 1, math.min(newest, cursor + limit), most, false)
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
  shown, pinned(warning, in_force, answers, person, since)}
