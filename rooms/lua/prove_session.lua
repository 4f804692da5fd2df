-- uses: factor
-- Notes that the person of a session has shown the second factor again; the proof is then used up.
-- Returns {'ok'} | {'refused', 'signed_out'} | {'refused', 'wrong_second_factor'} where the proof was used before.
local sessions, factor = KEYS[1], KEYS[2]              -- [hash] [hash]
local now, digest = tonumber(ARGV[1]), ARGV[2]         -- [ms] [hex]
local try, step, recovery = ARGV[3], ARGV[4], ARGV[5]  -- [hex] [step of the clock, '' for none] [hex, '' for none]

local kept = redis.call('HGET', sessions, digest)
if not kept then return {'refused', 'signed_out'} end
if not spend_proof(factor, try, step, recovery) then return {'refused', 'wrong_second_factor'} end
local session = cmsgpack.unpack(kept)
session.proved = now
redis.call('HSET', sessions, digest, cmsgpack.pack(session))
return {'ok'}
