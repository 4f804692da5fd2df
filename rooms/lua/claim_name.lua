-- Takes a name for a member of staff; an admin makes the account, so no code is used.
-- Returns {'ok'} | {'refused', 'name_taken'}.
local names = KEYS[1]                                  -- [hash]
local now, skeleton, person = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [text] [id]

local packed = redis.call('HGET', names, skeleton)
if packed and cmsgpack.unpack(packed).person ~= person then return {'refused', 'name_taken'} end
redis.call('HSET', names, skeleton, cmsgpack.pack({person = person, at = now, settled = true}))
return {'ok'}
