-- Takes an erasure that is due for one process: the others pass it over until *until_ms*, when this one must have died.
-- Returns {'ok', 1}, or {'ok', 0} where another process has it.
local due = KEYS[1]                                    -- [zset]
local person, now, until_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3] -- [id] [ms] [ms]

local at = redis.call('ZSCORE', due, 'erase:' .. person)
if not at or tonumber(at) > now then return {'ok', 0} end
redis.call('ZADD', due, until_ms, 'erase:' .. person)
return {'ok', 1}
