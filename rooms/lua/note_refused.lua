-- uses: audit
-- Notes in the book that somebody of the staff was refused; once, however often it is said.  Who went out of the room
-- a moment ago is not accused of what the own device had on its way.
-- Returns {'ok', 1}, or {'ok', 0} where nothing was noted.
local k = {audit = KEYS[1], audit_head = KEYS[2], due = KEYS[3]} -- [stream] [hash] [zset]
local now, book, row = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [msgpack AuditRow]
local person, room = ARGV[4], ARGV[5]                  -- [id] [id]
local LATELY = 20                                      -- [rows] among which the same one would stand
local MOMENT_MS = 15000                                -- [ms]

local function has_just_left(at, packed)
  if at < now - MOMENT_MS then return false end
  local is_row, deed = pcall(cmsgpack.unpack, packed)
  if not is_row or type(deed) ~= 'table' or type(deed.by) ~= 'table' then return false end
  return deed.deed == 'staff.left' and deed.room == room and deed.by.id == person
end

for _, kept in ipairs(redis.call('XREVRANGE', k.audit, '+', '-', 'COUNT', LATELY)) do
  local at, packed = tonumber(kept[2][2]) or 0, kept[2][4] or ''
  if (at >= now and packed == row) or has_just_left(at, packed) then return {'ok', 0} end
end
audit(k, now, book, row)
return {'ok', 1}
