-- Makes a letter code for a street.
-- Returns {'ok'}; a digest that exists already is {'refused', 'fault'}: the caller draws another.
local code, codes = KEYS[1], KEYS[2]                   -- [hash] [zset]
local now, digest, street = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [hex] [place id]
local household, expires_at = ARGV[4], tonumber(ARGV[5]) -- [count] [ms]

local made_at = redis.call('HGET', code, 'made_at')
if made_at and made_at ~= ARGV[1] then return {'refused', 'fault'} end
redis.call('HSET', code, 'street', street, 'household', household, 'made_at', ARGV[1], 'expires_at', ARGV[5])
redis.call('PEXPIRE', code, expires_at - now + 30 * 24 * 3600 * 1000)
redis.call('ZADD', codes, now, digest)
return {'ok'}
