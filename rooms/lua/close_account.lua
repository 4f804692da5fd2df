-- Ends an account whose rooms have been left already.
-- Returns {'ok'}.
local account, sessions = KEYS[1], KEYS[2]             -- [hash] [hash]
local due, guest = KEYS[3], KEYS[4]                    -- [zset] [hash]
local person = ARGV[1]                                 -- [id]

redis.call('DEL', account, sessions, guest)
redis.call('ZREM', due, 'settle:' .. person)
return {'ok'}
