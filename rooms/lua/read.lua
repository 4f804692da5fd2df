-- uses: member fleeting
-- Moves a person's read cursor on, never back, and tells the person's other devices.
-- Returns {'ok', seq} with the cursor as it is now | {'refused', 'not_found'}.
local head, members, read, fleeting = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [hash] [stream]
local person, seq = ARGV[1], tonumber(ARGV[2])         -- [id] [seq]
local event = ARGV[3]                                  -- [msgpack]

if not member_of(members, person) then return NOT_FOUND end
local now_at = tonumber(redis.call('HGET', read, person) or '0')
local newest = tonumber(redis.call('HGET', head, 'seq') or '0')
if seq <= now_at or seq > newest then return {'ok', now_at} end
redis.call('HSET', read, person, string.format('%.0f', seq))
tell_person(fleeting, person, event)
return {'ok', seq}
