-- Begins an account, with the deadline by which somebody sees to it that its rooms know the person.
-- Returns {'ok', 1}, or {'ok', 0} where it existed already and was left as it is.
local account, due = KEYS[1], KEYS[2]                  -- [hash] [zset]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local body, password, recovery = ARGV[3], ARGV[4], ARGV[5] -- [msgpack] [argon2] [hex, '' for none]
local joined_by, rooms = ARGV[6], ARGV[7]              -- [hex of the code, '' for staff] [msgpack list]

if redis.call('EXISTS', account) == 1 then return {'ok', 0} end
redis.call('HSET', account, 'body', body, 'password', password, 'recovery', recovery, 'joined_at', ARGV[1],
  'joined_by', joined_by, 'rooms', rooms, 'leaving', cmsgpack.pack({}), 'version', 1)
redis.call('ZADD', due, now, 'settle:' .. person)
return {'ok', 1}
