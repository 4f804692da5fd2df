-- Lets go of a name whose account has ended, so that somebody else may take it.
-- Returns {'ok'}.
local names, staff = KEYS[1], KEYS[2]                  -- [hash] [hash]
local skeleton, person = ARGV[1], ARGV[2]              -- [text] [id]

local packed = redis.call('HGET', names, skeleton)
if packed and cmsgpack.unpack(packed).person == person then redis.call('HDEL', names, skeleton) end
redis.call('HDEL', staff, person)
return {'ok'}
