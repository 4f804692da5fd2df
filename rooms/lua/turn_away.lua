-- uses: known
-- Keeps it that a command was answered not_found before its own script ran, so that no late copy of it takes effect.
-- Returns {'ok'} | {'known', reply} | {'refused', code} where it has been answered otherwise already.
local done = KEYS[1]                                   -- [hash]
local counter, digest, what = ARGV[1], ARGV[2], ARGV[3] -- [count] [16 hex digits] [id of the room or case]

local answer = known(done, counter, digest, what)
if answer then return answer end
refuse(done, counter, what, {'refused', 'not_found'})
return {'ok'}
