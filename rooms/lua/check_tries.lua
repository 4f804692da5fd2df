-- uses: window
-- Asks whether another attempt may be made.
-- Returns {'ok', count so far} | {'refused', 'too_many_attempts', 'retry_after_ms', wait}.
local tries = KEYS[1]                                  -- [string: start of the window, count]
local now, most, length = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) -- [ms] [count] [ms]

local start, count = window_of(tries, now, length)
if count >= most then return {'refused', 'too_many_attempts', 'retry_after_ms', start + length - now} end
return {'ok', count}
