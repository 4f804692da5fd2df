-- uses: audit
-- Ends an account whose rooms have been left already.
-- Returns {'ok'}.
local account, sessions = KEYS[1], KEYS[2]             -- [hash] [hash]
local k = {due = KEYS[3], audit = KEYS[8], audit_head = KEYS[9]} -- [zset] [stream] [hash]
local guest, corrections = KEYS[4], KEYS[5]            -- [hash] [hash]
local factor, notices = KEYS[6], KEYS[7]               -- [hash] [hash]
local person, now = ARGV[1], tonumber(ARGV[2])         -- [id] [ms]
local book, row = ARGV[3], ARGV[4]                     -- [id] [msgpack AuditRow, '' for a resident]

if row ~= '' and redis.call('EXISTS', account) == 1 then audit(k, now, book, row) end
redis.call('DEL', account, sessions, guest, corrections, factor, notices)
redis.call('ZREM', k.due, 'settle:' .. person)
return {'ok'}
