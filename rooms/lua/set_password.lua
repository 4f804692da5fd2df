-- uses: append session audit
-- Sets a new password and recovery code; every session but the one that did it ends.
-- Returns {'ok'} | {'refused', 'wrong_credentials'} where the account has gone or was changed meanwhile.
local account, sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local now, person, keep = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [hex of a session, '' for none]
local was, password, recovery = ARGV[4], ARGV[5], ARGV[6] -- [argon2] [argon2] [hex]
local event = ARGV[7]                                  -- [msgpack]
local k = {due = KEYS[5], audit = KEYS[6], audit_head = KEYS[7]} -- [zset] [stream] [hash]
local book, row = ARGV[8], ARGV[9]                     -- [id] [msgpack AuditRow, '' for who set the own]

local is = redis.call('HGET', account, 'password')
if is == password then return {'ok'} end               -- tried again after an answer that was lost
if is ~= was then return {'refused', 'wrong_credentials'} end
redis.call('HSET', account, 'password', password, 'recovery', recovery)
end_sessions(sessions, keep)
tell(feed, clock, now, person, event)
if row ~= '' then audit(k, now, book, row) end
return {'ok'}
