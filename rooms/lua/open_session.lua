-- uses: append session
-- Opens a session; the oldest beyond the newest 20 end.
-- Returns {'ok'} | {'refused', 'wrong_credentials'} where the account has gone meanwhile.
local account, sessions, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [hash] [stream] [hash]
local now, person = tonumber(ARGV[1]), ARGV[2]         -- [ms] [id]
local digest, device = ARGV[3], ARGV[4]                -- [hex] [device id]
local MOST = 20                                        -- [sessions]

-- The session that began first, the new one aside.
local function eldest()
  local rows, oldest, oldest_at = redis.call('HGETALL', sessions), nil, nil
  for index = 1, #rows, 2 do
    local at = cmsgpack.unpack(rows[index + 1]).at
    if rows[index] ~= digest and (not oldest_at or at < oldest_at) then oldest, oldest_at = rows[index], at end
  end
  return oldest
end

if redis.call('EXISTS', account) == 0 then return {'refused', 'wrong_credentials'} end
redis.call('HSET', sessions, digest, cmsgpack.pack({device = device, at = now}))
while redis.call('HLEN', sessions) > MOST do
  local oldest = eldest()
  redis.call('HDEL', sessions, oldest)
  tell(feed, clock, now, person, cmsgpack.pack({name = 'session.ended', data = {session = oldest, reason = 'too_many'}}))
end
return {'ok'}
