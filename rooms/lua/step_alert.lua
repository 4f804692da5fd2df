-- uses: known spend append record alert
-- Moves an alert by somebody's command: once per client_id, against the version that the caller read.
-- Returns {'ok'} | {'known', reply} | {'refused', code, ...facts} | {'changed'}.
local done, order, bucket = KEYS[1], KEYS[2], KEYS[3] -- [hash] [zset] [string]
local k = {
  record = KEYS[4], alerts = KEYS[5], due = KEYS[6],   -- [hash] [zset] [zset]
  feed = KEYS[7], clock = KEYS[8],                     -- [stream] [hash]
}
local now, counter, digest = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [count] [16 hex digits]
local burst, every = tonumber(ARGV[4]), tonumber(ARGV[5]) -- [count] [ms]
local change = cmsgpack.unpack(ARGV[6])                -- [msgpack, see keep_alert]
local version = ARGV[7]                                -- [count]

local answer = known(done, counter, digest, 'alert')
if answer then return answer end
if redis.call('HGET', k.record, 'version') ~= version then return {'changed'} end
answer = spend(bucket, now, burst, every)
if answer then return answer end

keep_alert(k, now, change, tonumber(version) + 1)
remember(done, order, counter, digest, now, change.reply)
return {'ok'}
