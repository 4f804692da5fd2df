-- Beginning a session; the oldest beyond the newest 20 end.

-- The session that began first, *digest* aside.
local function eldest(sessions, digest)
  local rows, oldest, oldest_at = redis.call('HGETALL', sessions), nil, nil
  for index = 1, #rows, 2 do
    local at = cmsgpack.unpack(rows[index + 1]).at
    if rows[index] ~= digest and (not oldest_at or at < oldest_at) then oldest, oldest_at = rows[index], at end
  end
  return oldest
end

-- kept: msgpack {device, at, name?, proved?}.
local function begin_session(sessions, feed, clock, now, person, digest, kept)
  local most = 20
  redis.call('HSET', sessions, digest, kept)
  while redis.call('HLEN', sessions) > most do
    local oldest = eldest(sessions, digest)
    redis.call('HDEL', sessions, oldest)
    local ended = {name = 'session.ended', data = {session = oldest, reason = 'too_many'}}
    tell(feed, clock, now, person, cmsgpack.pack(ended))
  end
end
