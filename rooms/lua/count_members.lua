-- Counts the residents of several rooms of one partition, and those of them who are connected.
-- Returns {'ok', members, connected, ...} in the order of the rooms.
-- KEYS: members [hash] and here [zset] of each room
local now = ARGV[1]                                    -- [ms]

local answer = {'ok'}
for index = 1, #KEYS, 2 do
  local residents, connected, rows = 0, 0, redis.call('HGETALL', KEYS[index])
  local is_here = {}
  for _, person in ipairs(redis.call('ZRANGEBYSCORE', KEYS[index + 1], '(' .. now, '+inf')) do is_here[person] = true end
  for row = 1, #rows, 2 do
    if cmsgpack.unpack(rows[row + 1]).role == 'resident' then
      residents = residents + 1
      if is_here[rows[row]] then connected = connected + 1 end
    end
  end
  answer[#answer + 1] = residents
  answer[#answer + 1] = connected
end
return answer
