-- uses: code
-- Takes a name for a member of staff; an admin makes the account, so no code is used.  It lapses unless `confirm` follows.
-- Returns {'ok'} | {'refused', 'name_taken'}.
local names = KEYS[1]                                  -- [hash]
local now, skeleton, person = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [text] [id]

local packed = redis.call('HGET', names, skeleton)
local claim = packed and cmsgpack.unpack(packed)
if claim and claim.person ~= person and (claim.settled or claim.at > now - CLAIMED_MS) then
  return {'refused', 'name_taken'}
end
redis.call('HSET', names, skeleton, cmsgpack.pack({person = person, at = now}))
return {'ok'}
