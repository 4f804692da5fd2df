-- uses: known append audit ground inside
-- Lets a member of staff go out of a room into which they came by themselves, whatever their grounds.
-- Returns {'ok'} | {'known', reply} | {'refused', code}.
local done, order = KEYS[1], KEYS[2]                   -- [hash] [zset]
local k = {
  members = KEYS[3], head = KEYS[4], read = KEYS[5], here = KEYS[6], -- [hash] [hash] [hash] [zset]
  log = KEYS[7], feed = KEYS[8], clock = KEYS[9],      -- [stream] [stream] [hash]
  inside = KEYS[10], due = KEYS[11],                   -- [hash] [zset]
  audit = KEYS[12], audit_head = KEYS[13],             -- [stream] [hash]
}
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest, book = ARGV[4], ARGV[5], ARGV[6] -- [count] [16 hex digits] [id]

local answer = known(done, counter, digest, room)
if answer then return answer end
if not go_out(k, now, {room = room, book = book}, person, nil) then return {'refused', 'wrong_state'} end
remember(done, order, counter, digest, now, {left = true})
return {'ok'}
