-- uses: known spend member append audit warning
-- One person's one answer to a warning in force, and the all clear where that follows from it.  Touches the fields of
-- this answer alone: two hundred a second must not wait for each other.  What staff end that is not their own stands in
-- the open book.
-- Returns {'ok', seq of the first entry, 0 where nothing changed} | {'known', reply} | {'refused', code, ...facts}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local head, members, log = KEYS[4], KEYS[5], KEYS[6]   -- [hash] [hash] [stream]
local feed, clock = KEYS[7], KEYS[8]                   -- [stream] [hash]
local k = {
  due = KEYS[9], warning = KEYS[10], in_force = KEYS[11], -- [zset] [hash] [zset]
  warned = KEYS[12], answers = KEYS[13],               -- [zset] [hash]
  audit = KEYS[14], audit_head = KEYS[15],             -- [stream] [hash]
}
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local event, target = ARGV[8], ARGV[9]                 -- [msgpack: to be completed with the counts] [seq]
local said, is_staff = ARGV[10], ARGV[11] == '1'       -- [see, not_here, over, or '' for none] [1 or 0]
local cleared, cleared_by_all = ARGV[12], ARGV[13]     -- [msgpack: by this person] [msgpack: by enough neighbours]
local book, row = ARGV[14], ARGV[15]                   -- [id] [msgpack AuditRow, '' for none]

local function end_with(packed)
  end_warning(k, room, target, warning_at(k, target), 'cleared')
  return append(head, log, feed, clock, room, now, packed)
end

-- Moves the counts; false where the answer was this one already.
local function note()
  local was = redis.call('HGET', k.answers, target .. ':' .. person) or ''
  if was == said then return false end
  if was ~= '' then redis.call('HINCRBY', k.answers, target .. ':' .. was, -1) end
  if said == '' then redis.call('HDEL', k.answers, target .. ':' .. person)
  else
    redis.call('HSET', k.answers, target .. ':' .. person, said)
    redis.call('HINCRBY', k.answers, target .. ':' .. said, 1)
  end
  return true
end

local function append_answer(counts)
  local whole = cmsgpack.unpack(event)
  whole.data.counts = counts
  return append(head, log, feed, clock, room, now, cmsgpack.pack(whole))
end

local member = member_of(members, person)
local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, may_write(member, head, now))
  or spend(bucket, now, burst, every)
if answer then return answer end
if not may_read(member, tonumber(target)) then return {'refused', 'wrong_target'} end
local about = redis.call('HMGET', k.answers, target .. ':author', target .. ':enough')
local author, enough = about[1], tonumber(about[2] or '0')
if not author then
  if redis.call('HEXISTS', k.warning, target) == 1 then return {'refused', 'wrong_state'} end
  return {'refused', 'wrong_target'}
end
local is_author = author == person
if is_author and said ~= 'over' then return {'refused', 'not_permitted'} end

local seq = 0
if said == 'over' and (is_author or is_staff) then
  seq = end_with(cleared)
  if row ~= '' and not is_author then audit(k, now, book, row) end
elseif note() then
  local counts = counts_of(k.answers, target)
  seq = append_answer(counts)
  if said == 'over' and enough > 0 and counts.over >= enough then end_with(cleared_by_all) end
end
remember(done, order, counter, digest, now, {seq = seq})
return {'ok', seq}
