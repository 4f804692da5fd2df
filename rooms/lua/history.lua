-- uses: member page
-- Reads a page of a room for a member: after a seq, before a seq, or the newest.
-- Returns {'ok', head, epoch, oldest, more, {seq, at, event, reason, ...}} | {'refused', 'not_found'}.
local head, members, log, blank = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local person = ARGV[1]                                 -- [id]
local after, before = tonumber(ARGV[2]), tonumber(ARGV[3]) -- [seq, -1 for none] [seq, -1 for none]
local limit, most = tonumber(ARGV[4]), tonumber(ARGV[5])   -- [count] [bytes]

local member = member_of(members, person)
if not member then return NOT_FOUND end
local newest, epoch, oldest = bounds(head, member)

local first, last
local backwards = after < 0
if backwards then
  last = before >= 0 and math.min(before - 1, newest) or newest
  first = math.max(oldest, last - limit + 1)
else
  first = math.max(oldest, after + 1)
  last = math.min(newest, first + limit - 1)
end
local page = entries_between(log, blank, first, last, most, backwards, reads_hidden(member))
local more
if #page == 0 then more = 0
elseif backwards then more = tonumber(page[1]) > oldest and 1 or 0
else more = tonumber(page[#page - 3]) < newest and 1 or 0 end
return {'ok', newest, epoch, oldest, more, page}
