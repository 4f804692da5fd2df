-- Notes that these notices have reached the persons they were for.
-- Returns {'ok'}.
local owing, due = KEYS[1], KEYS[2]                    -- [hash] [zset]
-- ARGV[1...]: [field of owing] of each

for _, field in ipairs(ARGV) do
  redis.call('HDEL', owing, field)
  redis.call('ZREM', due, 'notice:' .. field)
end
return {'ok'}
