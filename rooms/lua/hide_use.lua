-- Forgets who used a letter code; the place stays taken, or who is erased could come back by it for ever.
-- Returns {'ok'}.
local code = KEYS[1]                                   -- [hash]
local person = ARGV[1]                                 -- [id]

if redis.call('HDEL', code, 'use:' .. person) == 1 then
  redis.call('HSET', code, string.format('use:erased-%d', redis.call('HLEN', code)), 'settled')
end
return {'ok'}
