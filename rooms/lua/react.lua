-- uses: known spend member target append
-- Appends a one-tap reaction to a message; the person's latest one counts.
-- Returns {'ok', seq} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local head, members, blank = KEYS[4], KEYS[5], KEYS[6] -- [hash] [hash] [hash]
local log, feed, clock = KEYS[7], KEYS[8], KEYS[9]     -- [stream] [stream] [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room = ARGV[2], ARGV[3]                  -- [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local event, target = ARGV[8], ARGV[9]                 -- [msgpack] [seq]

local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, may_write(member_of(members, person), head, now))
  or spend(bucket, now, burst, every)
  or is_message(log, blank, target)
if answer then return answer end

local seq = append(head, log, feed, clock, room, now, event)
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
