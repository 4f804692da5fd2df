-- uses: append audit ground inside given wording mute measure
-- Moves a report by the clock, against the version that the caller read.
-- Returns {'ok', seq} | {'changed'}: then another process has moved it.
local k = {
  members = KEYS[1], head = KEYS[2], read = KEYS[3], here = KEYS[4], -- [hash] [hash] [hash] [zset]
  log = KEYS[5], feed = KEYS[6], clock = KEYS[7],      -- [stream] [stream] [hash]
  inside = KEYS[8], due = KEYS[9],                     -- [hash] [zset]
  audit = KEYS[10], audit_head = KEYS[11],             -- [stream] [hash]
  record = KEYS[12], open = KEYS[13], kept = KEYS[14], -- [hash] [zset] [zset]
  reported = KEYS[15], blank = KEYS[16], edits = KEYS[17], -- [hash] [hash] [hash]
  left = KEYS[18], given = KEYS[19], warned = KEYS[20], -- [hash] [hash] [zset]
  owing = KEYS[21], audit_text = KEYS[22], judged = KEYS[23], -- [hash] [hash] [hash]
  muted = KEYS[24],                                    -- [hash]
}
local now, version = tonumber(ARGV[1]), ARGV[2]        -- [ms] [count]
local change = cmsgpack.unpack(ARGV[3])                -- [msgpack, see carry_out]

if redis.call('HGET', k.record, 'version') ~= version then return {'changed'} end
return {'ok', carry_out(k, now, change, tonumber(version) + 1)}
