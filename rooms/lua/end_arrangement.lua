-- uses: append audit ground inside
-- Ends a standing arrangement: who is inside on it goes out in the same step.
-- Returns {'ok', 1}, or {'ok', 0} where it had ended before.
local arrangements = KEYS[1]                           -- [hash]
local k = {
  members = KEYS[2], head = KEYS[3], read = KEYS[4], here = KEYS[5], -- [hash] [hash] [hash] [zset]
  log = KEYS[6], feed = KEYS[7], clock = KEYS[8],      -- [stream] [stream] [hash]
  inside = KEYS[9], due = KEYS[10],                    -- [hash] [zset]
  audit = KEYS[11], audit_head = KEYS[12],             -- [stream] [hash]
}
local now, room, book = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local id, event, row = ARGV[4], ARGV[5], ARGV[6]       -- [id] [msgpack] [msgpack AuditRow]

redis.call('ZREM', k.due, 'arrangement:' .. id .. ':' .. room)
if redis.call('HDEL', arrangements, id) == 0 then return {'ok', 0} end
local left = redis.call('HLEN', arrangements)
if left == 0 then redis.call('HDEL', k.head, 'arranged') else redis.call('HSET', k.head, 'arranged', left) end
append(k.head, k.log, k.feed, k.clock, room, now, event)
end_ground(k, now, {room = room, book = book}, 'arrangement:' .. id)
audit(k, now, book, row)
return {'ok', 1}
