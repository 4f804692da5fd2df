-- uses: member given owe
-- How many members, its author and who may not read it aside, were given a warning, of how many; for its author and for
-- staff in the room.
-- Returns {'ok', given, members} | {'refused', code}.
local members, records = KEYS[1], KEYS[2]              -- [hash] [hash]
local given, here = KEYS[3], KEYS[4]                   -- [hash] [zset]
local person, target = ARGV[1], ARGV[2]                -- [id] [seq]

local member = member_of(members, person)
if not member then return NOT_FOUND end
local packed = redis.call('HGET', records, target)
if not packed or not may_read(member, tonumber(target)) then return {'refused', 'wrong_target'} end
local warning = cmsgpack.unpack(packed)
if warning.person ~= person and member.role == 'resident' then return {'refused', 'not_permitted'} end

local found, count, all = given_to(given, here, warning.seq, warning.at), 0, 0
local rows = redis.call('HGETALL', members)
for index = 1, #rows, 2 do
  if rows[index] ~= warning.person and may_read(cmsgpack.unpack(rows[index + 1]), warning.seq) then
    all = all + 1
    if found[rows[index]] then count = count + 1 end
  end
end
return {'ok', count, all}
