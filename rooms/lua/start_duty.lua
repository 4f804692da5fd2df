-- uses: known spend append record duty
-- Puts somebody on duty, once per client_id; the cases that it concerns follow, by the deadline set here.
-- Returns {'ok'} | {'known', reply} | {'refused', code, ...facts}; not_permitted to whose account is ending.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local duty, lease, due = KEYS[4], KEYS[5], KEYS[6]    -- [hash] [zset] [zset]
local feed, clock, staff = KEYS[7], KEYS[8], KEYS[9]  -- [stream] [hash] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]        -- [ms] [id]
local counter, digest = ARGV[3], ARGV[4]              -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[5]), tonumber(ARGV[6]) -- [count] [ms]
local organisation, event = ARGV[7], ARGV[8]          -- [word] [msgpack]
local body, until_ms = ARGV[9], ARGV[10]              -- [msgpack] [ms]

local answer = known(done, counter, digest, 'duty')
if answer then return answer end
if (redis.call('HGET', staff, person) or '') == '' then return {'refused', 'not_permitted'} end
answer = spend(bucket, now, burst, every)
if answer then return answer end

if redis.call('HEXISTS', duty, person) == 0 then
  redis.call('HSET', duty, person, body)
  tell_staff(feed, clock, now, organisation, event)
end
redis.call('ZADD', lease, until_ms, person)
let_follow(due, now, person)
remember(done, order, counter, digest, now, {on = true})
return {'ok'}
