-- uses: append record duty
-- Ends the duty of somebody whose account ends, whatever the lease says; from here on they come on duty no more.
-- Returns {'ok'}.
local duty, lease, due = KEYS[1], KEYS[2], KEYS[3]    -- [hash] [zset] [zset]
local feed, clock, staff = KEYS[4], KEYS[5], KEYS[6]  -- [stream] [hash] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]        -- [ms] [id]
local organisation, event = ARGV[3], ARGV[4]          -- [word] [msgpack]

redis.call('HSET', staff, person, '')
take_off(duty, lease, feed, clock, now, person, organisation, event)
let_follow(due, now, person)
return {'ok'}
