-- uses: known spend append audit
-- Locks a room, opens it, or slows it down: for a moderator who is inside on a ground.
-- Returns {'ok', seq, 0 where it was so already} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local head, members = KEYS[4], KEYS[5]                  -- [hash] [hash]
local log, feed, clock = KEYS[6], KEYS[7], KEYS[8]     -- [stream] [stream] [hash]
local k = {due = KEYS[9], audit = KEYS[10], audit_head = KEYS[11]} -- [zset] [stream] [hash]
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local field, value = ARGV[8], ARGV[9]                  -- [of the head] ['' for none]
local event, book, row = ARGV[10], ARGV[11], ARGV[12]  -- [msgpack] [id] [msgpack AuditRow]

local answer = known(done, counter, digest, room)
if answer then return answer end
local packed = redis.call('HGET', members, person)
local is_inside = packed and cmsgpack.unpack(packed).grounds
answer = refuse(done, counter, room, not is_inside and {'refused', 'not_found'}) or spend(bucket, now, burst, every)
if answer then return answer end

local seq = 0
if (redis.call('HGET', head, field) or '') ~= value then
  if value == '' then redis.call('HDEL', head, field) else redis.call('HSET', head, field, value) end
  seq = append(head, log, feed, clock, room, now, event)
  audit(k, now, book, row)
end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
