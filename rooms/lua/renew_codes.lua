-- uses: factor
-- New recovery codes in place of all that were left, for the person of a session who shows the second factor again.
-- Returns {'ok'} | {'refused', 'signed_out'} | {'refused', 'wrong_second_factor'} where the proof was used before.
local sessions, factor = KEYS[1], KEYS[2]              -- [hash] [hash]
local now, digest = tonumber(ARGV[1]), ARGV[2]         -- [ms] [hex]
local try, step, recovery = ARGV[3], ARGV[4], ARGV[5]  -- [hex] [step of the clock, '' for none] [hex, '' for none]
-- ARGV from the sixth on: digests of the recovery codes [hex]

local kept = redis.call('HGET', sessions, digest)
if not kept then return {'refused', 'signed_out'} end
if not spend_proof(factor, try, step, recovery) then return {'refused', 'wrong_second_factor'} end
for _, field in ipairs(redis.call('HKEYS', factor)) do
  if string.sub(field, 1, 9) == 'recovery:' then redis.call('HDEL', factor, field) end
end
keep_codes(factor, 6)
local session = cmsgpack.unpack(kept)
session.proved = now
redis.call('HSET', sessions, digest, cmsgpack.pack(session))
return {'ok'}
