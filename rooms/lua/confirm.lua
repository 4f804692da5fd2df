-- Makes a claimed name and a used code final once the account is there.
-- Returns {'ok', 1}, or {'ok', 0} where the name lapsed and is somebody else's by now.
local names, code = KEYS[1], KEYS[2]                   -- [hash] [hash]
local skeleton, person, digest = ARGV[1], ARGV[2], ARGV[3] -- [text] [id] [hex]

local packed = redis.call('HGET', names, skeleton)
local claim = packed and cmsgpack.unpack(packed)
if claim and claim.person ~= person then return {'ok', 0} end
if claim and not claim.settled then
  claim.settled = true
  redis.call('HSET', names, skeleton, cmsgpack.pack(claim))
end
if digest ~= '' and redis.call('HEXISTS', code, 'use:' .. person) == 1 then
  redis.call('HSET', code, 'use:' .. person, 'settled')
end
return {'ok', 1}
