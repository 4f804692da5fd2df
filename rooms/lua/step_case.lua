-- uses: known member spend append session fleeting audit ground record
-- Moves a case by somebody's command: once per client_id, against the version that the caller read.
-- A burst of 0 spends no limit: a call for help is never refused for load.
-- Returns {'ok', seq of the first entry, 0 for none} | {'known', reply} | {'refused', code, ...facts} | {'changed'}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local k = {
  record = KEYS[4], open = KEYS[5], due = KEYS[6],     -- [hash] [zset] [zset]
  cases = KEYS[7], called = KEYS[8],                   -- [hash] [hash]
  head = KEYS[9], members = KEYS[10], log = KEYS[11],  -- [hash] [hash] [stream]
  feed = KEYS[12], clock = KEYS[13],                   -- [stream] [hash]
  read = KEYS[14], here = KEYS[15], fleeting = KEYS[16], -- [hash] [zset] [stream]
  rechecks = KEYS[17],                                -- [zset]
  audit = KEYS[18], audit_head = KEYS[19],         -- [stream] [hash]
}
local now, case = tonumber(ARGV[1]), ARGV[2]           -- [ms] [id]
local counter, digest = ARGV[3], ARGV[4]               -- [count] [16 hex digits]
local burst, every = tonumber(ARGV[5]), tonumber(ARGV[6]) -- [count] [ms]
local version, neighbour = ARGV[7], ARGV[8]            -- [count] [id of who must be a member, '' for nobody]
local change = cmsgpack.unpack(ARGV[9])                -- [msgpack, see commit]

local answer = known(done, counter, digest, case)
  or refuse(done, counter, case, neighbour ~= '' and not member_of(k.members, neighbour) and NOT_FOUND)
if answer then return answer end
if redis.call('HGET', k.record, 'version') ~= version then return {'changed'} end
answer = burst > 0 and spend(bucket, now, burst, every)
if answer then return answer end

local seq = commit(k, now, change, tonumber(version) + 1)
if change.reply.seq then change.reply.seq = seq end
remember(done, order, counter, digest, now, change.reply)
return {'ok', seq}
