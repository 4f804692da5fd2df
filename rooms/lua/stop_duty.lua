-- uses: known spend append record duty
-- Takes somebody off duty, once per client_id; the cases that it concerns follow, by the deadline set here.
-- Returns {'ok'} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local duty, lease, due = KEYS[4], KEYS[5], KEYS[6]    -- [hash] [zset] [zset]
local feed, clock = KEYS[7], KEYS[8]                  -- [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]        -- [ms] [id]
local counter, digest = ARGV[3], ARGV[4]              -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[5]), tonumber(ARGV[6]) -- [count] [ms]
local organisation, event = ARGV[7], ARGV[8]          -- [word] [msgpack]

local answer = known(done, counter, digest, 'duty') or spend(bucket, now, burst, every)
if answer then return answer end

take_off(duty, lease, feed, clock, now, person, organisation, event)
let_follow(due, now, person)
remember(done, order, counter, digest, now, {on = false})
return {'ok'}
