-- uses: window
-- Counts a wrong attempt. Sent again after an answer that was lost it may count twice, on the safe side.
-- Returns {'ok', count}.
local tries = KEYS[1]                                  -- [string: start of the window, count]
local now, length = tonumber(ARGV[1]), tonumber(ARGV[2]) -- [ms] [ms]

local start, count = window_of(tries, now, length)
redis.call('SET', tries, string.format('%.0f %.0f', start, count + 1), 'PX', length + 60000)
return {'ok', count + 1}
