-- uses: append audit ground inside
-- Ends a stay: on the grounds that are no more, or all of it where the last device has been gone for long; a process
-- that holds a device has moved that time on.
-- Returns {'ok', 1}, or {'ok', 0} where it was moved on meanwhile.
local k = {
  members = KEYS[1], head = KEYS[2], read = KEYS[3], here = KEYS[4], -- [hash] [hash] [hash] [zset]
  log = KEYS[5], feed = KEYS[6], clock = KEYS[7],      -- [stream] [stream] [hash]
  inside = KEYS[8], due = KEYS[9],                     -- [hash] [zset]
  audit = KEYS[10], audit_head = KEYS[11],             -- [stream] [hash]
}
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local place = {room = ARGV[3], book = ARGV[4]}         -- [id] [id]
local looks = ARGV[5]                                  -- [ms: the next look at the grounds, '' to end all]
-- ARGV[6...]: [text] grounds that are no more

local by_device, by_ground = ends_of(place, person)
if looks == '' then
  if tonumber(redis.call('ZSCORE', k.due, by_device) or '0') > now then return {'ok', 0} end
  redis.call('ZREM', k.due, by_device)
  go_out(k, now, place, person, nil)
  return {'ok', 1}
end
local gone = {}
for index = 6, #ARGV do gone[#gone + 1] = ARGV[index] end
go_out(k, now, place, person, gone)
if redis.call('HEXISTS', k.inside, person) == 1 then redis.call('ZADD', k.due, looks, by_ground)
else redis.call('ZREM', k.due, by_ground) end
return {'ok', 1}
