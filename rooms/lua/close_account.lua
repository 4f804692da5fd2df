-- Ends an account whose rooms have been left already.
-- Returns {'ok'}.
local account, sessions = KEYS[1], KEYS[2]             -- [hash] [hash]
local due, guest, corrections = KEYS[3], KEYS[4], KEYS[5] -- [zset] [hash] [hash]
local person = ARGV[1]                                 -- [id]

redis.call('DEL', account, sessions, guest, corrections)
redis.call('ZREM', due, 'settle:' .. person)
return {'ok'}
