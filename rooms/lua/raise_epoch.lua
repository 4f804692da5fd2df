-- Says that a room's log was rolled back: cursors of the old epoch are good no longer (promise.md 1.5).
-- Returns {'ok', epoch}; another process that saw the same may have raised it already.
local head = KEYS[1]                                   -- [hash]
local now, known = tonumber(ARGV[1]), tonumber(ARGV[2]) -- [ms] [epoch that the caller knew]

local epoch = tonumber(redis.call('HGET', head, 'epoch') or '0')
if epoch > known then return {'ok', string.format('%.0f', epoch)} end
epoch = math.max(epoch + 1, now)
redis.call('HSET', head, 'epoch', string.format('%.0f', epoch))
return {'ok', string.format('%.0f', epoch)}
