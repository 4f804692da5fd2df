-- uses: known spend member pause target append talk
-- Posts a message: once per client_id, as a member who may write, in the room's order.
-- Returns {'ok', seq} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local head, members, blank = KEYS[4], KEYS[5], KEYS[6] -- [hash] [hash] [hash]
local log, feed, clock = KEYS[7], KEYS[8], KEYS[9]     -- [stream] [stream] [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room = ARGV[2], ARGV[3]                  -- [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local event, reply_to = ARGV[8], ARGV[9]               -- [msgpack] [seq, 0 for none]

local member = member_of(members, person)
local refusal, pause = may_write(member, head, now)
local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, refusal)
  or too_soon(member, pause, now)
  or spend(bucket, now, burst, every)
if answer then return answer end
if reply_to ~= '0' and not entry_at(log, blank, reply_to) then return WRONG_TARGET end

local seq = append_talk(head, log, feed, clock, room, now, event)
if pause then begin_pause(members, person, member, pause, now) end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
