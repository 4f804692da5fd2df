-- uses: append session
-- Gives a person another home or jurisdiction: a new body, new rooms, and the old ones to leave.
-- Returns {'ok', version} | {'changed'} where the account is not of the version that the caller read.
local account, due, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [zset] [stream] [hash]
local now, person, version = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [count]
local body, joined_by, rooms = ARGV[4], ARGV[5], ARGV[6] -- [msgpack] [hex] [msgpack list]
local event = ARGV[7]                                  -- [msgpack]

local row = redis.call('HMGET', account, 'version', 'rooms', 'leaving')
if row[1] ~= version then return {'changed'} end
local stays, leaving, listed = {}, {}, {}
for _, room in ipairs(cmsgpack.unpack(rooms)) do stays[room] = true end
for _, packed in ipairs({row[2], row[3]}) do
  for _, room in ipairs(cmsgpack.unpack(packed)) do
    if not stays[room] and not listed[room] then
      listed[room] = true
      leaving[#leaving + 1] = room
    end
  end
end
tell(feed, clock, now, person, event)
redis.call('HSET', account, 'body', body, 'joined_by', joined_by, 'rooms', rooms,
  'leaving', cmsgpack.pack(leaving), 'version', string.format('%.0f', version + 1))
redis.call('ZADD', due, now, 'settle:' .. person)
return {'ok', version + 1}
