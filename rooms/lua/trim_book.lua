-- Takes away the sealed rows of a book up to one whose time is over; its seal stays as the anchor of the others.  The
-- row after it is too old as well: it stays, without its words.
-- Returns {'ok', rows taken away}.
local audit, audit_head = KEYS[1], KEYS[2]             -- [stream] [hash]
local seals, audit_text = KEYS[3], KEYS[4]             -- [hash] [hash]
local last = tonumber(ARGV[1])                         -- [count] the number of that row

local row = redis.call('HMGET', audit_head, 'sealed', 'anchor')
local anchor, seal = tonumber(row[2] or '0'), redis.call('HGET', seals, ARGV[1])
if last <= anchor or last > tonumber(row[1] or '0') or not seal then return {'ok', 0} end
redis.call('HSET', audit_head, 'anchor', ARGV[1], 'anchor_hash', seal)
redis.call('XTRIM', audit, 'MINID', string.format('%.0f-0', last + 1))
for n = anchor + 1, last + 1 do
  redis.call('HDEL', audit_text, string.format('%.0f', n))
  if n <= last then redis.call('HDEL', seals, string.format('%.0f', n)) end
end
return {'ok', last - anchor}
