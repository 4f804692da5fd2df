-- uses: member fleeting
-- Tells the others in a room that somebody is writing.
-- Returns {'ok'} | {'refused', code}.
local head, members, fleeting = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [stream]
local person, room = ARGV[1], ARGV[2]                  -- [id] [id]
local now, event = tonumber(ARGV[3]), ARGV[4]          -- [ms] [msgpack]

local refused = may_write(member_of(members, person), head, now)
if refused then return refused end
tell_others(fleeting, room, person, event)
return {'ok'}
