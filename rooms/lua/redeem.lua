-- uses: code
-- Takes a name and a place in a letter code for somebody who joins; both lapse unless `confirm` follows.
-- Returns {'ok', person, street}: go on with this person, who may be an earlier try's | {'ok', person}: the name
-- has an account that came by this very code | {'refused', code}.
local names, code = KEYS[1], KEYS[2]                   -- [hash] [hash]
local now = tonumber(ARGV[1])                          -- [ms]
local skeleton, person, digest = ARGV[2], ARGV[3], ARGV[4] -- [text] [id, if it is a new one] [hex]

if redis.call('EXISTS', code) == 0 then return {'refused', 'wrong_code'} end
local packed = redis.call('HGET', names, skeleton)
if packed then
  local claim = cmsgpack.unpack(packed)
  local same = claim.code == digest
  if claim.settled and same then return {'ok', claim.person} end
  if claim.settled or (not same and claim.at > now - CLAIMED_MS) then return {'refused', 'name_taken', 'field', 'name'} end
  if same then person = claim.person end
end
local refused = may_use(code, person, now)
if refused then return refused end

redis.call('HSET', names, skeleton, cmsgpack.pack({person = person, at = now, code = digest}))
return {'ok', person, use(code, person, now)}
