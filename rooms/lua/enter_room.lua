-- uses: known spend append audit ground inside
-- Lets a member of staff into a room on a ground that still is what the caller read: from here on they are visible.
-- Returns {'ok', seq of the entry that says so, 0 where they are inside on it already} | {'known', reply}
--       | {'refused', code, ...facts} | {'changed'} where the ground is another by now.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local evidence = KEYS[4]                               -- [hash: where the ground is written down]
local k = {
  members = KEYS[5], head = KEYS[6], read = KEYS[7], here = KEYS[8], -- [hash] [hash] [hash] [zset]
  log = KEYS[9], feed = KEYS[10], clock = KEYS[11],    -- [stream] [stream] [hash]
  inside = KEYS[12], due = KEYS[13],                   -- [hash] [zset]
  audit = KEYS[14], audit_head = KEYS[15],             -- [stream] [hash]
}
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local place = {room = room, book = ARGV[8]}            -- [id]
local field, value = ARGV[9], ARGV[10]                 -- [field of the evidence] [what the caller read there]
local ground, since = ARGV[11], tonumber(ARGV[12])     -- [text, see ground.lua] [seq]
local by, role = cmsgpack.unpack(ARGV[13]), ARGV[14]   -- [msgpack By] [word]
local event, row = ARGV[15], ARGV[16]                  -- [msgpack] [msgpack AuditRow]
local ends, looks = ARGV[17], ARGV[18]                 -- [ms: when it ends without a device] [ms: next look at the ground]

local answer = known(done, counter, digest, room)
if answer then return answer end
if redis.call('HGET', evidence, field) ~= value then return {'changed'} end
answer = spend(bucket, now, burst, every)
if answer then return answer end

local seq = 0
if enter_on(k, person, role, ground, since) then
  local packed = redis.call('HGET', k.inside, person)
  local inside = packed and cmsgpack.unpack(packed) or {by = by, grounds = {}}
  inside.grounds[ground] = now
  redis.call('HSET', k.inside, person, cmsgpack.pack(inside))
  local by_device, by_ground = ends_of(place, person)
  redis.call('ZADD', k.due, ends, by_device, looks, by_ground)
  seq = append(k.head, k.log, k.feed, k.clock, room, now, event)
  audit(k, now, place.book, row)
end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
