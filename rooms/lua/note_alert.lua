-- Notes that an alert has reached a device of these people: once per person, and never less than that it was seen.
-- Returns {'ok', {who of them is a member of a room that has or had the alert, ...}}.
local members, alerted, known = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [hash]
local alert = ARGV[1]                                  -- [id]
-- ARGV[2...]: persons [id]

local there = {}
if redis.call('HEXISTS', alerted, alert) == 0 then return {'ok', there} end
for index = 2, #ARGV do
  local person = ARGV[index]
  if redis.call('HEXISTS', members, person) == 1 then
    redis.call('HSETNX', known, alert .. ':' .. person, 'delivered')
    there[#there + 1] = person
  end
end
return {'ok', there}
