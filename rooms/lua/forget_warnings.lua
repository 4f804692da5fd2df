-- uses: warning
-- Drops what is left of the warnings and corrections of a room that are older than they are kept, and of who was given
-- what before the oldest that stays.
-- Returns {'ok', count of warnings dropped}.
local k = {
  due = KEYS[1], warning = KEYS[2], in_force = KEYS[3], -- [zset] [hash] [zset]
  warned = KEYS[4], answers = KEYS[5],                 -- [zset] [hash]
}
local given, correction, alerted = KEYS[6], KEYS[7], KEYS[8] -- [hash] [hash] [hash]
local room, before = ARGV[1], ARGV[2]                  -- [id] [ms]
-- ARGV[3...]: [seq] of the corrections to be dropped

for index = 3, #ARGV do redis.call('HDEL', correction, ARGV[index]) end
local old = redis.call('ZRANGEBYSCORE', k.warned, '-inf', before)
for _, seq in ipairs(old) do drop_warning(k, room, seq) end
if redis.call('HLEN', alerted) > 0 then return {'ok', #old} end -- who was given an alert is asked for as well
local oldest = redis.call('ZRANGE', k.warned, 0, 0)[1]
if not oldest then
  redis.call('DEL', given, k.answers)
  return {'ok', #old}
end
local rows = redis.call('HGETALL', given)
for index = 1, #rows, 2 do
  if tonumber(string.match(rows[index + 1], '^%d+')) < tonumber(oldest) then redis.call('HDEL', given, rows[index]) end
end
return {'ok', #old}
