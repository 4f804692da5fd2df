-- uses: known spend member target append
-- Takes one's own message back: whoever reads from now on finds a marker in its place,
-- and in the place of each of its later wordings.
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

-- A muted member may still take back what was said.
local member = member_of(members, person)
local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, not member and NOT_FOUND)
  or spend(bucket, now, burst, every) or may_change(log, blank, target, author, now, window)
if answer then return answer end

local seq = append(head, log, feed, clock, room, now, event)
local mark = cmsgpack.pack({reason = 'retracted', at = now})
redis.call('HSET', blank, target, mark)
for edit in string.gmatch(redis.call('HGET', edits, target) or '', '%d+') do
  redis.call('HSET', blank, edit, mark)
end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
