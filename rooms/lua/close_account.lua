-- Ends an account whose rooms have been left already.
-- Returns {'ok'}.
local account, sessions, due = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [zset]
local person = ARGV[1]                                 -- [id]

redis.call('DEL', account, sessions)
redis.call('ZREM', due, 'settle:' .. person)
return {'ok'}
