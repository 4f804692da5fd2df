-- uses: known spend append session
-- Notes that a device has seen a notice, and tells the person's devices.  A notice that is not there, or was seen, is
-- seen.
-- Returns {'ok'} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local corrections, feed, clock = KEYS[4], KEYS[5], KEYS[6] -- [hash] [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local counter, digest = ARGV[3], ARGV[4]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[5]), tonumber(ARGV[6]) -- [count] [ms]
local id, event = ARGV[7], ARGV[8]                     -- [id] [msgpack]

local answer = known(done, counter, digest, person) or spend(bucket, now, burst, every)
if answer then return answer end
if (redis.call('HGET', corrections, id) or '') ~= '' then
  redis.call('HSET', corrections, id, '')
  tell(feed, clock, now, person, event)
end
remember(done, order, counter, digest, now, {seen = true})
return {'ok'}
