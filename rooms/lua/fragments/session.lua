-- Sessions, and telling every process about the end of one through the person's feed.

-- An event for one person; it is in no room's log.
local function tell(feed, clock, now, person, event)
  local at, copy = next_in(clock, now)
  feed_on(feed, clock, at, copy, 'p', person, 'e', event)
end

-- Ends every session but *keep* ('' for none).
local function end_sessions(sessions, keep)
  for _, digest in ipairs(redis.call('HKEYS', sessions)) do
    if digest ~= keep then redis.call('HDEL', sessions, digest) end
  end
end
