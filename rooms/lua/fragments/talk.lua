-- Talk, which is counted: a board shows how much there is in a room and not what is said.  Needs append.

local MINUTE_MS = 60000 -- [ms]
local MINUTE = 10000000 -- above every count of a minute
local PAST = 59 * 15    -- [bytes] of minutes that are over, each of fifteen digits

-- Appends a packed message and returns its seq.  The head's field talk is <minute> * MINUTE + <messages in it>; it is
-- read and written with the seq, so that nobody waits for a board.  When a minute is over it goes to the front of the
-- field hour.
local function append_talk(head, log, feed, clock, room, now, event)
  local at, copy = next_in(clock, now)
  local row = redis.call('HMGET', head, 'seq', 'talk')
  local seq, talk = tonumber(row[1] or '0') + 1, tonumber(row[2] or '0')
  lay(head, log, feed, clock, room, event, seq, at, copy)
  local begun = math.floor(at / MINUTE_MS) * MINUTE
  if talk < begun then
    if row[2] then redis.call('HSET', head, 'hour', string.sub(row[2] .. (redis.call('HGET', head, 'hour') or ''), 1, PAST)) end
    talk = begun
  end
  redis.call('HSET', head, 'seq', seq, 'talk', talk + 1)
  return seq
end
