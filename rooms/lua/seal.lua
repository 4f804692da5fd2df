-- Puts seals on the rows of a book that follow what is sealed, against the head that the caller read.
-- Returns {'ok', sealed up to} | {'changed'}: then another process has sealed it.
local audit_head, seals, due = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [zset]
local book = ARGV[1]                                   -- [id]
local sealed, head = ARGV[2], ARGV[3]                  -- [count] [64 hex digits]
local count = ARGV[4]                                  -- [count] of rows, as it was before the caller read them
-- ARGV[5], ARGV[6], ... -- [count, 64 hex digits] number and seal of each row, rising

local row = redis.call('HMGET', audit_head, 'sealed', 'head', 'n')
if (row[1] or '0') ~= sealed or (row[1] and row[2] ~= head) then return {'changed'} end
local last = sealed
for index = 5, #ARGV, 2 do
  redis.call('HSET', seals, ARGV[index], ARGV[index + 1])
  last = ARGV[index]
end
if last ~= sealed then redis.call('HSET', audit_head, 'sealed', last, 'head', ARGV[#ARGV]) end
-- The deadline goes when all is sealed, or when nothing is there to be sealed: of a row that was written since the caller
-- looked, it is the deadline too.
local is_all = tonumber(last) >= tonumber(row[3] or '0') or (last == sealed and (row[3] or '0') == count)
if is_all then redis.call('ZREM', due, 'seal:' .. book) end
return {'ok', last}
