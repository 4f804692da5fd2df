-- uses: append record duty
-- Ends the duty of somebody whose last device has been gone for long; a process that holds one has renewed the lease.
-- Returns {'ok', 1}, or {'ok', 0} where the lease was renewed meanwhile.
local duty, lease, due = KEYS[1], KEYS[2], KEYS[3]    -- [hash] [zset] [zset]
local feed, clock = KEYS[4], KEYS[5]                  -- [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]        -- [ms] [id]
local organisation, event = ARGV[3], ARGV[4]          -- [word] [msgpack]

local ends = tonumber(redis.call('ZSCORE', lease, person) or '0')
if ends > now then return {'ok', 0} end
take_off(duty, lease, feed, clock, now, person, organisation, event)
let_follow(due, now, person)
return {'ok', 1}
