-- uses: given owe
-- Notes up to where people were given a room's log; only ever upwards.  Who turns out to have been given a warning
-- before it was taken back is owed the notice after all: the process that gave it may have died before it said so.
-- Returns {'ok', count of those}.
local given, correction, due = KEYS[1], KEYS[2], KEYS[3] -- [hash] [hash] [zset]
local k = {given = given, members = KEYS[4], owed = KEYS[5], noted = KEYS[6]} -- [hash] [hash] [hash] [hash]
local now, room, lease = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]) -- [ms] [id] [ms]
-- ARGV[4...]: person [id], seq, 1 for here or 0 for gone, and again

-- From where on the person could read.  Who is no member and was never noted has held this one entry for certain.
local function since_of(person, was, seq)
  local packed = redis.call('HGET', k.members, person)
  local since = packed and (cmsgpack.unpack(packed).since or 1) or seq
  return was and math.min(was.since, since) or since
end

local notices = {}
for _, packed in ipairs(redis.call('HVALS', correction)) do notices[#notices + 1] = cmsgpack.unpack(packed) end

local added = 0
for index = 4, #ARGV, 3 do
  local person, seq = ARGV[index], tonumber(ARGV[index + 1])
  local was = point_of(given, person)
  local ends = ARGV[index + 2] == '0' and now + lease or nil
  local newest = math.max(was and was.seq or 0, seq)
  keep_point(given, person, {seq = newest, since = since_of(person, was, seq), ends = ends})
  for _, notice in ipairs(notices) do
    if notice.warning <= seq and seq < notice.seq and owe(k, person, notice) then
      set_owing(due, now, room, notice.seq)
      added = added + 1
    end
  end
end
return {'ok', added}
