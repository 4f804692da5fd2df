-- uses: known spend member fleeting
-- Notes that a person has seen an alert, and tells the person's other devices; what was seen is seen.
-- Returns {'ok'} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local members, alerted, known_to = KEYS[4], KEYS[5], KEYS[6] -- [hash] [hash] [hash]
local fleeting = KEYS[7]                               -- [stream]
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local alert, event = ARGV[8], ARGV[9]                  -- [id] [msgpack]

local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, not member_of(members, person) and NOT_FOUND or nil)
  or spend(bucket, now, burst, every)
if answer then return answer end
if redis.call('HEXISTS', alerted, alert) == 0 then return NOT_FOUND end
local field = alert .. ':' .. person
if redis.call('HGET', known_to, field) ~= 'seen' then
  redis.call('HSET', known_to, field, 'seen')
  tell_person(fleeting, person, event)
end
remember(done, order, counter, digest, now, {seen = true})
return {'ok'}
