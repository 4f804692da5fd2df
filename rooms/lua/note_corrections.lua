-- uses: append session
-- Gives several persons of one partition the same notice, once each: kept for who is away, told to who is connected.
-- Returns {'ok', count of those who had it not}.
local feed, clock = KEYS[1], KEYS[2]                   -- [stream] [hash]
-- KEYS[3...]: account [hash] and corrections [hash] of each person
local now, keep = tonumber(ARGV[1]), ARGV[2]           -- [ms] [ms]
local id, notice, event = ARGV[3], ARGV[4], ARGV[5]    -- [id] [msgpack] [msgpack]
-- ARGV[6...]: person [id] each

local count = 0
for index = 6, #ARGV do
  local account, corrections = KEYS[2 * index - 9], KEYS[2 * index - 8]
  if redis.call('EXISTS', account) == 1 and redis.call('HSETNX', corrections, id, notice) == 1 then
    redis.call('PEXPIRE', corrections, keep)
    tell(feed, clock, now, ARGV[index], event)
    count = count + 1
  end
end
return {'ok', count}
