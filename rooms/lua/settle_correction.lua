-- Notes that these persons have their notice; when nobody is owed it any longer, there is nothing left to do.
-- Returns {'ok', count of those who still are}.
local owed, noted, due = KEYS[1], KEYS[2], KEYS[3]     -- [hash] [hash] [zset]
local item, seq = ARGV[1], ARGV[2]                     -- [correction:<room>:<seq>] [seq]
-- ARGV[3...]: [id] of the persons

local prefix = seq .. ':'
for index = 3, #ARGV do
  if redis.call('HDEL', owed, prefix .. ARGV[index]) == 1 then redis.call('HSET', noted, prefix .. ARGV[index], '') end
end
local waiting = 0
for _, field in ipairs(redis.call('HKEYS', owed)) do
  if string.sub(field, 1, #prefix) == prefix then waiting = waiting + 1 end
end
if waiting == 0 then redis.call('ZREM', due, item) end
return {'ok', waiting}
