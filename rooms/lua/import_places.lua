-- Adds places, or changes those of the same id, and counts the import.
-- Returns {'ok', version}.
local places, version = KEYS[1], KEYS[2]               -- [hash] [string]
-- ARGV: [place id] [msgpack], in turn

for index = 1, #ARGV, 2 do
  redis.call('HSET', places, ARGV[index], ARGV[index + 1])
end
return {'ok', redis.call('INCR', version)}
