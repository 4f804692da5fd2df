-- uses: code
-- Takes a name for a member of staff; an admin makes the account, so no code is used.  It lapses unless `confirm` follows.
-- Returns {'ok'} | {'refused', 'name_taken'}.
local names, staff = KEYS[1], KEYS[2]                  -- [hash] [hash]
local now, skeleton, person = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [text] [id]
local sign_in_name = ARGV[4]                           -- [text]

local packed = redis.call('HGET', names, skeleton)
local claim = packed and cmsgpack.unpack(packed)
if claim and claim.person ~= person and (claim.settled or claim.at > now - CLAIMED_MS) then
  return {'refused', 'name_taken'}
end
redis.call('HSET', names, skeleton, cmsgpack.pack({person = person, at = now}))
redis.call('HSET', staff, person, sign_in_name)
return {'ok'}
