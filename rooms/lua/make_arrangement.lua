-- uses: append audit
-- Makes a standing arrangement for a room: its entry, its record and its end, in one step.
-- Returns {'ok', seq of its entry, 0 where it was made before}.
local arrangements = KEYS[1]                           -- [hash]
local head, log, feed, clock = KEYS[2], KEYS[3], KEYS[4], KEYS[5] -- [hash] [stream] [stream] [hash]
local k = {due = KEYS[6], audit = KEYS[7], audit_head = KEYS[8]} -- [zset] [stream] [hash]
local now, room, book = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local id, record = ARGV[4], cmsgpack.unpack(ARGV[5])   -- [id] [msgpack ArrangementView]
local event, row = ARGV[6], ARGV[7]                    -- [msgpack] [msgpack AuditRow]

if redis.call('HEXISTS', arrangements, id) == 1 then return {'ok', 0} end
local seq = append(head, log, feed, clock, room, now, event)
record.seq = seq
redis.call('HSET', arrangements, id, cmsgpack.pack(record))
redis.call('HSET', head, 'arranged', redis.call('HLEN', arrangements))
redis.call('ZADD', k.due, string.format('%.0f', record['until']), 'arrangement:' .. id .. ':' .. room)
audit(k, now, book, row)
return {'ok', seq}
