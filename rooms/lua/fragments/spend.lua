-- A token bucket, kept as the one moment at which it will be full again (GCRA).

-- Asked after belonging: `too_fast` to a stranger would say that there is a room.
-- Returns nil, or the refusal too_fast with the wait.  burst [count], every [ms for one more].
local function spend(bucket, now, burst, every)
  local full_at = math.max(tonumber(redis.call('GET', bucket) or '0'), now)
  if full_at > now + burst * every then full_at = now end -- so far ahead only where the clock was set back
  local wait = full_at - now - (burst - 1) * every
  if wait > 0 then return {'refused', 'too_fast', 'retry_after_ms', wait} end
  redis.call('SET', bucket, string.format('%.0f', full_at + every), 'PX', (burst + 1) * every + 60000)
  return nil
end
