-- uses: fleeting
-- Makes every cursor of a room void: what devices hold of it, they drop and load again.
-- Returns {'ok', 1}, or {'ok', 0} for a room without entries.
local head, fleeting = KEYS[1], KEYS[2]                -- [hash] [stream]
local now, room = tonumber(ARGV[1]), ARGV[2]           -- [ms] [id]

local row = redis.call('HMGET', head, 'epoch', 'oldest', 'seq')
if not row[3] then return {'ok', 0} end
local epoch = math.max(tonumber(row[1] or '0') + 1, now)
redis.call('HSET', head, 'epoch', string.format('%.0f', epoch))
local data = {room = room, epoch = epoch, oldest = tonumber(row[2] or '1'), head = tonumber(row[3])}
tell_others(fleeting, room, '', cmsgpack.pack({name = 'reset', data = data}))
return {'ok', 1}
