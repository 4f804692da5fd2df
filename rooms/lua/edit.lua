-- uses: known spend member target append wording
-- Appends a new wording of one's own message; the old ones stay in the log.
-- Notes which entries word a message anew, so that a retraction finds them all.
-- Returns {'ok', seq} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local head, members, blank = KEYS[4], KEYS[5], KEYS[6] -- [hash] [hash] [hash]
local log, feed, clock = KEYS[7], KEYS[8], KEYS[9]     -- [stream] [stream] [hash]
local edits = KEYS[10]                                 -- [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local person, room = ARGV[2], ARGV[3]                  -- [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local event = ARGV[8]                                  -- [msgpack]
local target, window = ARGV[9], tonumber(ARGV[10])     -- [seq] [ms]
local author = ARGV[11]                                -- [id: as the log names the person]

local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, may_write(member_of(members, person), head, now))
  or spend(bucket, now, burst, every)
  or may_change(log, blank, target, author, now, window)
if answer then return answer end

local seq = append(head, log, feed, clock, room, now, event)
note_wording(edits, target, seq)
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
