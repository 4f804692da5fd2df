-- Notes that a person's rooms agree with the account, unless the account has changed meanwhile.
-- Returns {'ok'}.
local account, due = KEYS[1], KEYS[2]                  -- [hash] [zset]
local person, version = ARGV[1], ARGV[2]               -- [id] [count]

if redis.call('HGET', account, 'version') == version then
  redis.call('HSET', account, 'leaving', cmsgpack.pack({}))
  redis.call('ZREM', due, 'settle:' .. person)
end
return {'ok'}
