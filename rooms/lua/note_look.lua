-- uses: audit
-- Notes in a book that somebody of the staff read it: once an hour, whatever pages they turn.
-- Returns {'ok', 1}, or {'ok', 0} where it is noted already.
local k = {audit = KEYS[1], audit_head = KEYS[2], due = KEYS[3]} -- [stream] [hash] [zset]
local now, book, row = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [msgpack AuditRow]
local person, room = ARGV[4], ARGV[5]                  -- [id] [id, '' for all of the book]
local HOUR_MS = 3600000                                -- [ms]

local field = 'looked:' .. person .. ':' .. room
if tonumber(redis.call('HGET', k.audit_head, field) or '0') > now - HOUR_MS then return {'ok', 0} end
redis.call('HSET', k.audit_head, field, string.format('%.0f', now))
audit(k, now, book, row)
return {'ok', 1}
