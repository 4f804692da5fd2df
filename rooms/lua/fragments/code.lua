-- Letter codes: for one street, for a household, for some weeks.

local CLAIMED_MS = 10 * 60 * 1000 -- [ms] a place that a joining which never ended holds

local function holds(at, now)
  return at == 'settled' or tonumber(at) > now - CLAIMED_MS
end

-- Returns nil where *person* may use the code, else the refusal.
local function may_use(code, person, now)
  local row = redis.call('HMGET', code, 'household', 'expires_at', 'withdrawn', 'use:' .. person)
  if not row[1] or row[3] then return {'refused', 'wrong_code'} end
  if row[4] and holds(row[4], now) then return nil end
  if tonumber(row[2]) <= now then return {'refused', 'code_expired'} end
  local used, fields = 0, redis.call('HGETALL', code)
  for index = 1, #fields, 2 do
    if string.sub(fields[index], 1, 4) == 'use:' and holds(fields[index + 1], now) then used = used + 1 end
  end
  if used >= tonumber(row[1]) then return {'refused', 'code_used_up'} end
  return nil
end

local function use(code, person, now)
  if redis.call('HGET', code, 'use:' .. person) ~= 'settled' then
    redis.call('HSET', code, 'use:' .. person, string.format('%.0f', now))
  end
  return redis.call('HGET', code, 'street')
end
