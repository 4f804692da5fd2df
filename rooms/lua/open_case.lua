-- uses: known member append session fleeting audit ground record
-- Opens a case for a member of the room, muted or not: once per client_id, stored with its deadline in this one step.
-- Returns {'ok', seq} | {'known', reply} | {'refused', code} | {'changed'} where another case for the same warning and
-- organisation is open by now.
local done, order, belongs = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [hash: members of the room it is asked in]
local asked, kept = KEYS[4], KEYS[5]                   -- [zset] [zset]
local k = {
  record = KEYS[6], open = KEYS[7], due = KEYS[8],     -- [hash] [zset] [zset]
  cases = KEYS[9], called = KEYS[10],                  -- [hash] [hash]
  head = KEYS[11], members = KEYS[12], log = KEYS[13], -- [hash] [hash] [stream]
  feed = KEYS[14], clock = KEYS[15],                   -- [stream] [hash]
  read = KEYS[16], here = KEYS[17], fleeting = KEYS[18], -- [hash] [zset] [stream]
  rechecks = KEYS[19],                                -- [zset]
  audit = KEYS[20], audit_head = KEYS[21],         -- [stream] [hash]
}
local now, person, room = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [id of the room it is asked in]
local counter, digest = ARGV[4], ARGV[5]               -- [count] [16 hex digits]
local change = cmsgpack.unpack(ARGV[6])                -- [msgpack, see commit]
local KEPT_MS = 30 * 24 * 3600 * 1000                  -- [ms] of the asker's share

local answer = known(done, counter, digest, room)
  or refuse(done, counter, room, not member_of(belongs, person) and NOT_FOUND)
if answer then return answer end
if redis.call('EXISTS', k.record) == 1 then return {'changed'} end
if change.called ~= '' and redis.call('HEXISTS', k.called, change.called) == 1 then return {'changed'} end

local seq = commit(k, now, change, 1)
redis.call('ZADD', asked, now, change.id)
redis.call('ZREMRANGEBYSCORE', asked, '-inf', now - KEPT_MS)
redis.call('PEXPIRE', asked, KEPT_MS)
redis.call('ZADD', kept, now, change.id)
remember(done, order, counter, digest, now, {seq = seq, case = change.id})
return {'ok', seq}
