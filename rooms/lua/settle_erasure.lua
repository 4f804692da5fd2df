-- Notes that a look for what is left of a person has come to its end: the first one asks for a second, the second is
-- the last.
-- Returns {'ok', 1} where nothing more is to be done, {'ok', 0} where it is to be looked once more at *again_ms*.
local erasing, due = KEYS[1], KEYS[2]                  -- [hash] [zset]
local person, is_second, again_ms = ARGV[1], ARGV[2] == '1', ARGV[3] -- [id] [1 or 0: the look that ended] [ms]

if redis.call('EXISTS', erasing) == 1 and not is_second then
  redis.call('HSET', erasing, 'looked', '1')
  redis.call('ZADD', due, again_ms, 'erase:' .. person)
  return {'ok', 0}
end
redis.call('DEL', erasing)
redis.call('ZREM', due, 'erase:' .. person)
return {'ok', 1}
