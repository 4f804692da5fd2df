-- Deletes entries and their copies in the feed; readers are told the reason in their place (promise.md 1.1).
-- Where the oldest entries of a room have all gone, its log begins later and their markers are dropped.
-- Returns {'ok', count of entries deleted}.
local log, feed, blank, head, edits = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5] -- [stream] [stream] [hash] [hash] [hash]
local now, reason = tonumber(ARGV[1]), ARGV[2]         -- [ms] [word]
-- ARGV[3...]: [seq] of the entries

local gone = 0
for index = 3, #ARGV do
  local id = ARGV[index] .. '-0'
  local row = redis.call('XRANGE', log, id, id)[1]
  if row then
    redis.call('XDEL', feed, row[2][4] .. '-0')
    redis.call('XDEL', log, id)
    redis.call('HSET', blank, ARGV[index], cmsgpack.pack({reason = reason, at = now}))
    redis.call('HDEL', edits, ARGV[index])
    gone = gone + 1
  end
end

local first = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local newest = tonumber(redis.call('HGET', head, 'seq') or '0')
local oldest = first and tonumber(string.match(first[1], '^%d+')) or newest + 1
local was = tonumber(redis.call('HGET', head, 'oldest') or '1')
for seq = was, oldest - 1 do redis.call('HDEL', blank, string.format('%.0f', seq)) end
if oldest > was then redis.call('HSET', head, 'oldest', string.format('%.0f', oldest)) end
return {'ok', gone}
