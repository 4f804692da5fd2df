-- uses: known spend member target append wording
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

local ONLY_HIDDEN = {review = true, hidden = true}

-- What others find hidden may come back: its author can take it back for good.
local function may_take_back()
  local packed = redis.call('HGET', blank, target)
  if not packed or not ONLY_HIDDEN[cmsgpack.unpack(packed).reason] then
    return may_change(log, blank, target, author, now, window)
  end
  local row = redis.call('XRANGE', log, target .. '-0', target .. '-0')[1]
  return is_own(row and cmsgpack.unpack(row[2][6]), row and tonumber(row[2][2]), author, now, window)
end

-- A muted member may still take back what was said.
local member = member_of(members, person)
local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, not member and NOT_FOUND)
  or spend(bucket, now, burst, every) or may_take_back()
if answer then return answer end

local seq = append(head, log, feed, clock, room, now, event)
local mark = cmsgpack.pack({reason = 'retracted', at = now})
for _, wording in ipairs(wordings(edits, target)) do redis.call('HSET', blank, wording, mark) end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
