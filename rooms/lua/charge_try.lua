-- Counts an attempt before it is made, so that many at once can't slip through; `refund_try` follows a good one.
-- Returns {'ok', count} | {'refused', 'too_many_attempts', 'retry_after_ms', wait}.
local tries = KEYS[1]                                  -- [string: start of the window, count]
local now, most, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) -- [ms] [count] [ms]

local start, count = string.match(redis.call('GET', tries) or '', '^(%d+) (%d+)$')
start, count = tonumber(start or now), tonumber(count or 0)
if start + window <= now then start, count = now, 0 end
if count >= most then return {'refused', 'too_many_attempts', 'retry_after_ms', start + window - now} end
redis.call('SET', tries, string.format('%.0f %.0f', start, count + 1), 'PX', window + 60000)
return {'ok', count + 1}
