-- uses: code
-- Takes a place in a letter code for a resident who moves; it lapses unless `confirm` follows.
-- Returns {'ok', street} | {'refused', code}.
local code = KEYS[1]                                   -- [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]

local refused = may_use(code, person, now)
if refused then return refused end
return {'ok', use(code, person, now)}
