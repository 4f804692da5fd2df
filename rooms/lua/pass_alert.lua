-- uses: append record alert
-- Moves an alert by the clock, or notes how far it has come, against the version that the caller read.
-- Returns {'ok'} | {'changed'}.
local k = {
  record = KEYS[1], alerts = KEYS[2], due = KEYS[3],   -- [hash] [zset] [zset]
  feed = KEYS[4], clock = KEYS[5],                     -- [stream] [hash]
}
local now, version = tonumber(ARGV[1]), ARGV[2]        -- [ms] [count]
local change = cmsgpack.unpack(ARGV[3])                -- [msgpack, see keep_alert]

if redis.call('HGET', k.record, 'version') ~= version then return {'changed'} end
keep_alert(k, now, change, tonumber(version) + 1)
return {'ok'}
