-- Slow mode: a pause between two messages of a resident, kept with the member while there is one.

-- Returns nil where the pause is over, else the refusal with the wait.  pause [ms, nil for none].
local function too_soon(member, pause, now)
  local wait = pause and math.min((member.next_at or 0) - now, pause) or 0
  if wait > 0 then return {'refused', 'too_fast', 'retry_after_ms', wait} end
  return nil
end

local function begin_pause(members, person, member, pause, now)
  member.next_at = now + pause
  redis.call('HSET', members, person, cmsgpack.pack(member))
end
