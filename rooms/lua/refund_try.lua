-- Takes back what `charge_try` counted: the attempt was a good one.
-- Returns {'ok'}.
local tries = KEYS[1]                                  -- [string: start of the window, count]

local start, count = string.match(redis.call('GET', tries) or '', '^(%d+) (%d+)$')
if count and tonumber(count) > 0 then
  redis.call('SET', tries, string.format('%.0f %.0f', start, count - 1), 'KEEPTTL')
end
return {'ok'}
