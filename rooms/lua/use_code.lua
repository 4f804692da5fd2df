-- uses: code
-- Takes a place in a letter code for a resident who moves; it lapses unless `confirm` follows.
-- Returns {'ok', street} | {'refused', code}.  A place that was taken for good moves nobody a second time: a late copy
-- of a move must not undo the one after it.
local code = KEYS[1]                                   -- [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local is_home = ARGV[3] == '1'                         -- [1: the person lives there by this very code]

if not is_home and redis.call('HGET', code, 'use:' .. person) == 'settled' then return {'refused', 'code_used_up'} end

local refused = may_use(code, person, now)
if refused then return refused end
return {'ok', use(code, person, now)}
