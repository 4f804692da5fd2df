-- Makes a letter code for a street.
-- Returns {'ok', 1}, or {'ok', 0} where there is such a code already: the caller draws another.
local code, codes = KEYS[1], KEYS[2]                   -- [hash] [zset]
local now, digest, street = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [hex] [place id]
local household, expires_at = ARGV[4], tonumber(ARGV[5]) -- [count] [ms]
local KEPT_MS = 30 * 24 * 3600 * 1000                  -- [ms] after it has expired

local made_at = redis.call('HGET', code, 'made_at')
if made_at and made_at ~= ARGV[1] then return {'ok', 0} end
redis.call('HSET', code, 'street', street, 'household', household, 'made_at', ARGV[1], 'expires_at', ARGV[5])
redis.call('PEXPIRE', code, expires_at - now + KEPT_MS)
redis.call('ZADD', codes, now, digest)
redis.call('ZREMRANGEBYSCORE', codes, '-inf', now - (expires_at - now + KEPT_MS))
return {'ok', 1}
