-- The second factor: a proof counts once.

-- Whether this very request was carried out already: its answer was lost, and it is handed in again.
local function was_tried(factor, try)
  return redis.call('HGET', factor, 'try') == try
end

-- Spends a step of the clock that is later than the last one, or, where step is '', a recovery code.
local function spend_proof(factor, try, step, recovery)
  if was_tried(factor, try) then return true end
  if step == '' then
    if redis.call('HDEL', factor, 'recovery:' .. recovery) == 0 then return false end
  else
    local last = redis.call('HGET', factor, 'step')
    if not last or tonumber(step) <= tonumber(last) then return false end
    redis.call('HSET', factor, 'step', step)
  end
  redis.call('HSET', factor, 'try', try)
  return true
end

-- Keeps recovery codes, of which these are the digests: ARGV from *first* on.
local function keep_codes(factor, first)
  for index = first, #ARGV do redis.call('HSET', factor, 'recovery:' .. ARGV[index], '') end
end
