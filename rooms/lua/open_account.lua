-- uses: audit
-- Begins an account, with the deadline by which somebody sees to it that its rooms know the person.
-- Returns {'ok', 1}, or {'ok', 0} where it existed already and was left as it is.
local account = KEYS[1]                                -- [hash]
local k = {due = KEYS[2], audit = KEYS[3], audit_head = KEYS[4]} -- [zset] [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local body, password, recovery = ARGV[3], ARGV[4], ARGV[5] -- [msgpack] [argon2] [hex, '' for none]
local joined_by, rooms = ARGV[6], ARGV[7]              -- [hex of the code, '' for staff] [msgpack list]
local book, row = ARGV[8], ARGV[9]                     -- [id] [msgpack AuditRow, '' for a resident]

if redis.call('EXISTS', account) == 1 then return {'ok', 0} end
redis.call('HSET', account, 'body', body, 'password', password, 'recovery', recovery, 'joined_at', ARGV[1],
  'joined_by', joined_by, 'rooms', rooms, 'leaving', cmsgpack.pack({}), 'version', 1)
redis.call('ZADD', k.due, now, 'settle:' .. person)
if row ~= '' then audit(k, now, book, row) end
return {'ok', 1}
