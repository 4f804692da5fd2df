-- Adds places, or changes those of the same id, and counts the import.
-- Returns {'ok', version} | {'changed'} where somebody imported since the caller read the places.
local places, version = KEYS[1], KEYS[2]               -- [hash] [string]
local known = ARGV[1]                                  -- [count, '' for no import yet]
-- ARGV[2...]: [place id] [msgpack], in turn

if (redis.call('GET', version) or '') ~= known then return {'changed'} end
for index = 2, #ARGV, 2 do
  redis.call('HSET', places, ARGV[index], ARGV[index + 1])
end
return {'ok', redis.call('INCR', version)}
