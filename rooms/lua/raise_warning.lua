-- uses: known spend member append warning
-- Raises a warning: once per client_id, as a member, in force with its deadline in this one step.  What warns of danger
-- no mute and no lock stops.
-- Returns {'ok', seq} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local head, members, log = KEYS[4], KEYS[5], KEYS[6]   -- [hash] [hash] [stream]
local feed, clock = KEYS[7], KEYS[8]                   -- [stream] [hash]
local k = {
  due = KEYS[9], warning = KEYS[10], in_force = KEYS[11], -- [zset] [hash] [zset]
  warned = KEYS[12], answers = KEYS[13],               -- [zset] [hash]
}
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local event, record = ARGV[8], ARGV[9]                 -- [msgpack] [msgpack, all but seq and at]
local enough, is_danger = ARGV[10], ARGV[11] == '1'    -- [count of neighbours, 0 for never] [1 or 0]

local function may(member)
  if is_danger then return not member and NOT_FOUND or nil end
  return may_write(member, head, now)
end

local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, may(member_of(members, person)))
  or spend(bucket, now, burst, every)
if answer then return answer end

local seq = append(head, log, feed, clock, room, now, event)
local at, field = tonumber(redis.call('HGET', clock, 'at')), string.format('%.0f', seq)
local warning = cmsgpack.unpack(record)
warning.seq, warning.at = seq, at
keep_warning(k, field, warning)
set_end(k, room, field, warning['until'])
redis.call('ZADD', k.warned, string.format('%.0f', at), field)
redis.call('HSET', k.answers, field .. ':author', person, field .. ':enough', enough)
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
