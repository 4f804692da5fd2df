-- Takes a letter code back; who joined by it stays.
-- Returns {'ok'} | {'refused', 'wrong_code'}.
local code, now = KEYS[1], ARGV[1]                     -- [hash] [ms]

if redis.call('EXISTS', code) == 0 then return {'refused', 'wrong_code'} end
redis.call('HSETNX', code, 'withdrawn', now)
return {'ok'}
