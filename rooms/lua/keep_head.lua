-- Keeps the head of a book with the town, unless a later one is kept: sealers may come by in any order.
-- Returns {'ok', 1}, or {'ok', 0} where nothing was kept.
local heads = KEYS[1]                                  -- [hash]
local book, n = ARGV[1], tonumber(ARGV[2])             -- [id] [count] the number of its row
local head = ARGV[3]                                   -- [text: number, seal and time of the row]

local kept = redis.call('HGET', heads, book)
if kept and tonumber(string.match(kept, '^%d+') or '0') >= n then return {'ok', 0} end
redis.call('HSET', heads, book, head)
return {'ok', 1}
