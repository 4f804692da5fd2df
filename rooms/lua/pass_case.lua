-- uses: append session fleeting audit ground record
-- Moves a case by the clock, somebody's duty or a sign of life, against the version that the caller read.
-- Returns {'ok', seq of the first entry, 0 for none} | {'changed'}: then another process has moved it.
local k = {
  record = KEYS[1], open = KEYS[2], due = KEYS[3],     -- [hash] [zset] [zset]
  cases = KEYS[4], called = KEYS[5],                   -- [hash] [hash]
  head = KEYS[6], members = KEYS[7], log = KEYS[8],    -- [hash] [hash] [stream]
  feed = KEYS[9], clock = KEYS[10],                    -- [stream] [hash]
  read = KEYS[11], here = KEYS[12], fleeting = KEYS[13], -- [hash] [zset] [stream]
  rechecks = KEYS[14],                                -- [zset]
  audit = KEYS[15], audit_head = KEYS[16],         -- [stream] [hash]
}
local now, version = tonumber(ARGV[1]), ARGV[2]        -- [ms] [count]
local change = cmsgpack.unpack(ARGV[3])                -- [msgpack, see commit]

if redis.call('HGET', k.record, 'version') ~= version then return {'changed'} end
return {'ok', commit(k, now, change, tonumber(version) + 1)}
