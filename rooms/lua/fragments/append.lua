-- The only way into a log: the entry, and its copy in the partition's feed, numbered in one step.

-- Time as the partition knows it, never before an entry that is already there; and the next number of its feed.
local function next_in(clock, now)
  local row = redis.call('HMGET', clock, 'at', 'feed')
  return math.max(tonumber(row[1] or '0'), now), tonumber(row[2] or '0') + 1
end

-- Puts fields into the feed under that number.
local function feed_on(feed, clock, at, copy, ...)
  redis.call('XADD', feed, 'MAXLEN', '~', 20000, copy .. '-0', 't', at, ...)
  redis.call('HSET', clock, 'feed', copy, 'at', at)
end

-- Lays an entry into the log, and its copy into the feed.  The log comes first: it refuses a seq that it has already,
-- and then nothing has been written.  A room begins with its first entry; its epoch is the moment it began.
local function lay(head, log, feed, clock, room, event, seq, at, copy)
  redis.call('XADD', log, seq .. '-0', 't', at, 'f', copy, 'e', event)
  feed_on(feed, clock, at, copy, 'r', room, 's', seq, 'e', event)
  if seq == 1 then redis.call('HSET', head, 'epoch', at, 'oldest', 1) end
end

-- Appends a packed event and returns its seq.
local function append(head, log, feed, clock, room, now, event)
  local at, copy = next_in(clock, now)
  local seq = tonumber(redis.call('HGET', head, 'seq') or '0') + 1
  lay(head, log, feed, clock, room, event, seq, at, copy)
  redis.call('HSET', head, 'seq', seq)
  return seq
end
