-- uses: given
-- Drops the leases that have ended.  One that nobody gave back was a dead process's: its person counts as given what
-- was raised until then, for what was sent was never confirmed.
-- Returns {'ok', count of those}.
local here, given, warned = KEYS[1], KEYS[2], KEYS[3]  -- [zset] [hash] [zset]
local now = ARGV[1]                                    -- [ms]

local rows, count = redis.call('ZRANGEBYSCORE', here, '-inf', now, 'WITHSCORES'), 0
for index = 1, #rows, 2 do
  if keep_lease(given, warned, rows[index], rows[index + 1]) then count = count + 1 end
end
redis.call('ZREMRANGEBYSCORE', here, '-inf', now)
return {'ok', count}
