-- A warning: its record, and what lies beside it while it is in force.  k [table]: due, warning, in_force, warned,
-- answers.

local function item_of(room, seq)
  return 'warning:' .. room .. ':' .. seq
end

-- Returns the record [table, see rooms/warning_record.py] or nil.
local function warning_at(k, seq)
  local packed = redis.call('HGET', k.warning, seq)
  return packed and cmsgpack.unpack(packed)
end

local function keep_warning(k, seq, warning)
  redis.call('HSET', k.warning, seq, cmsgpack.pack(warning))
end

-- When it ends by itself.
local function set_end(k, room, seq, at)
  redis.call('ZADD', k.in_force, string.format('%.0f', at), seq)
  redis.call('ZADD', k.due, string.format('%.0f', at), item_of(room, seq))
end

-- Drops the fields of a warning, which are <seq>:<name>.
local function drop_answers(answers, seq)
  local prefix = seq .. ':'
  for _, field in ipairs(redis.call('HKEYS', answers)) do
    if string.sub(field, 1, #prefix) == prefix then redis.call('HDEL', answers, field) end
  end
end

-- It is in force no longer; the record stays.
local function end_warning(k, room, seq, warning, state)
  warning.state = state
  keep_warning(k, seq, warning)
  redis.call('ZREM', k.in_force, seq)
  redis.call('ZREM', k.due, item_of(room, seq))
  drop_answers(k.answers, seq)
end

-- How many give each answer.
local function counts_of(answers, seq)
  local row = redis.call('HMGET', answers, seq .. ':see', seq .. ':not_here', seq .. ':over')
  return {see = tonumber(row[1] or '0'), not_here = tonumber(row[2] or '0'), over = tonumber(row[3] or '0')}
end

-- Nothing is left of it, whatever its state; a seq that is no warning's is left alone.
local function drop_warning(k, room, seq)
  if redis.call('HDEL', k.warning, seq) == 0 then return end
  redis.call('ZREM', k.in_force, seq)
  redis.call('ZREM', k.warned, seq)
  redis.call('ZREM', k.due, item_of(room, seq))
  drop_answers(k.answers, seq)
end
