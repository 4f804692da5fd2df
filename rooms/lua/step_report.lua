-- uses: known member spend append audit ground inside given wording mute measure
-- Moves a report by somebody's command, or opens one: once per client_id, against the version that the caller read.
-- Returns {'ok', seq of its first entry or of the newest one} | {'known', reply} | {'refused', code, ...facts}
--       | {'changed'} where it is of another version by now, or another one is open on the same entry.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3]  -- [hash] [zset] [string]
local k = {
  members = KEYS[4], head = KEYS[5], read = KEYS[6], here = KEYS[7], -- [hash] [hash] [hash] [zset]
  log = KEYS[8], feed = KEYS[9], clock = KEYS[10],     -- [stream] [stream] [hash]
  inside = KEYS[11], due = KEYS[12],                   -- [hash] [zset]
  audit = KEYS[13], audit_head = KEYS[14],             -- [stream] [hash]
  record = KEYS[15], open = KEYS[16], kept = KEYS[17], -- [hash] [zset] [zset]
  reported = KEYS[18], blank = KEYS[19], edits = KEYS[20], -- [hash] [hash] [hash]
  left = KEYS[21], given = KEYS[22], warned = KEYS[23], -- [hash] [hash] [zset]
  owing = KEYS[24], audit_text = KEYS[25], judged = KEYS[26], -- [hash] [hash] [hash]
  muted = KEYS[27],                                    -- [hash]
}
local now, person, what = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id of the room or report that was named]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[6]), tonumber(ARGV[7]) -- [count] [ms]
local version, needs = ARGV[8], ARGV[9]                -- [count, 0 for a new one] [member, inside, or '' for neither]
local change = cmsgpack.unpack(ARGV[10])               -- [msgpack, see carry_out]

-- Whose words it takes: a member's who may read the entry; a moderator's who is inside on a ground.
local function lacks()
  local member = member_of(k.members, person)
  if needs == '' or (member and needs == 'inside' and member.grounds) then return nil end
  if member and needs == 'member' then return not may_read(member, change.target) and {'refused', 'wrong_target'} end
  return NOT_FOUND
end

local answer = known(done, counter, digest, what) or refuse(done, counter, what, lacks())
if answer then return answer end
if (redis.call('HGET', k.record, 'version') or '0') ~= version then return {'changed'} end
if version == '0' and redis.call('HEXISTS', k.reported, string.format('%.0f', change.target)) == 1 then return {'changed'} end
answer = spend(bucket, now, burst, every)
if answer then return answer end

local seq = carry_out(k, now, change, tonumber(version) + 1)
if change.reply.seq then change.reply.seq = seq end
remember(done, order, counter, digest, now, change.reply)
return {'ok', seq}
