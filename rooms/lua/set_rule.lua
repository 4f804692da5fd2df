-- Sets how the cases of an organisation run in a place, and counts the change.
-- Returns {'ok', version} | {'changed'} where somebody set another since the caller read the rules.
local rules, version = KEYS[1], KEYS[2]                -- [hash] [string]
local known = ARGV[1]                                  -- [count, '' for no change yet]
local field, rule = ARGV[2], ARGV[3]                   -- [organisation:urgency:place] [msgpack, '' to take it away]

if (redis.call('GET', version) or '') ~= known then return {'changed'} end
if rule == '' then redis.call('HDEL', rules, field) else redis.call('HSET', rules, field, rule) end
return {'ok', redis.call('INCR', version)}
