-- uses: warning
-- Deletes entries and their copies in the feed; readers are told the reason in their place (promise.md 1.1).
-- Where the oldest entries of a room have all gone, its log begins later and their markers are dropped.
-- Returns {'ok', count of entries deleted}.
local log, feed, blank, head, edits = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5] -- [stream] [stream] [hash] [hash] [hash]
local k = {
  due = KEYS[6], warning = KEYS[7], in_force = KEYS[8], -- [zset] [hash] [zset]
  warned = KEYS[9], answers = KEYS[10],                -- [zset] [hash]
}
local now, reason, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [word] [id]
-- ARGV[4...]: [seq] of the entries

-- Alerts are the police's own, and signed: they leave by their retention and never by a measure.
local function is_out_of_reach(row)
  return reason == 'moderation' and string.sub(cmsgpack.unpack(row[2][6]).name, 1, 6) == 'alert.'
end

local gone = 0
for index = 4, #ARGV do
  local id = ARGV[index] .. '-0'
  local row = redis.call('XRANGE', log, id, id)[1]
  if row and not is_out_of_reach(row) then
    redis.call('XDEL', feed, row[2][4] .. '-0')
    redis.call('XDEL', log, id)
    redis.call('HSET', blank, ARGV[index], cmsgpack.pack({reason = reason, at = now}))
    redis.call('HDEL', edits, ARGV[index])
    drop_warning(k, room, ARGV[index])
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
