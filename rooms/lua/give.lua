-- uses: owe
-- Notes up to where people were given a room's log; only ever upwards.  Who turns out to have been given a warning
-- before it was taken back is owed the notice after all: the process that gave it may have died before it said so.
-- Returns {'ok', count of those}.
local given, correction, due = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [zset]
local k = {members = KEYS[4], owed = KEYS[5], noted = KEYS[6]} -- [hash] [hash] [hash]
local now, room = tonumber(ARGV[1]), ARGV[2]           -- [ms] [id]
-- ARGV[3...]: person [id], seq, 1 for here or 0 for gone, and again

local notices = {}
for _, packed in ipairs(redis.call('HVALS', correction)) do notices[#notices + 1] = cmsgpack.unpack(packed) end

local added = 0
for index = 3, #ARGV, 3 do
  local person, seq = ARGV[index], tonumber(ARGV[index + 1])
  local was = tonumber(string.match(redis.call('HGET', given, person) or '0', '^%d+'))
  local mark = ARGV[index + 2] == '0' and '-' or ''
  redis.call('HSET', given, person, string.format('%.0f', math.max(was, seq)) .. mark)
  for _, notice in ipairs(notices) do
    if notice.warning <= seq and seq < notice.seq and owe(k, person, notice) then
      set_owing(due, now, room, notice.seq)
      added = added + 1
    end
  end
end
return {'ok', added}
