-- Looks for the signs of a person in the next entries of a stream, so that a log need not be carried to where it is read.
-- Returns {'ok', id to go on after, '' at the end, id of each entry with one of the signs...}.
local stream = KEYS[1]                                 -- [stream]
local after, most = ARGV[1], tonumber(ARGV[2])         -- [id, '' from the beginning on] [count]
local before = tonumber(ARGV[3])                       -- [ms] entries with a later time are passed over
-- ARGV[4...]: [text] of the signs

local function is_sign_in(value)
  for index = 4, #ARGV do
    if string.find(value, ARGV[index], 1, true) then return true end
  end
  return false
end

-- fields [list]: name, value, and again.
local function is_meant(fields)
  local found = false
  for index = 1, #fields, 2 do
    if fields[index] == 't' and tonumber(fields[index + 1]) > before then return false end
    found = found or is_sign_in(fields[index + 1])
  end
  return found
end

local rows = redis.call('XRANGE', stream, after == '' and '-' or '(' .. after, '+', 'COUNT', most)
local answer = {'ok', #rows < most and '' or rows[#rows][1]}
for _, row in ipairs(rows) do
  if is_meant(row[2]) then answer[#answer + 1] = row[1] end
end
return answer
