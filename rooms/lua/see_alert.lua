-- uses: known spend member fleeting seen
-- Notes that a person has seen a message of an alert, and tells the person's other devices; what was seen is seen.
-- Returns {'ok'} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local members, alerts, alerted = KEYS[4], KEYS[5], KEYS[6] -- [hash] [hash] [hash]
local known_to, fleeting = KEYS[7], KEYS[8]            -- [hash] [stream]
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local alert, n = ARGV[8], tonumber(ARGV[9])            -- [id] [of the message; 0 for the newest one]

local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, not member_of(members, person) and NOT_FOUND or nil)
  or spend(bucket, now, burst, every)
if answer then return answer end
local last = last_said(alerts, alerted, alert)
if not last then return NOT_FOUND end
local seen, field = n > 0 and math.min(n, last) or last, alert .. ':' .. person -- nobody has seen what is yet to come
if seen_in(redis.call('HGET', known_to, field)) < seen then
  redis.call('HSET', known_to, field, string.format('seen:%.0f', seen))
  tell_person(fleeting, person,
    cmsgpack.pack({name = 'alert.noticed', data = {alert = alert, room = room, n = seen}}))
end
remember(done, order, counter, digest, now, {seen = true})
return {'ok'}
