-- The entry that a reply, an edit, a retraction or a reaction is about.

-- Returns the event {name, by, data} at seq and its time, or nil where there is nothing to be read.
local function entry_at(log, blank, seq)
  local row = redis.call('XRANGE', log, seq .. '-0', seq .. '-0')[1]
  if not row or redis.call('HEXISTS', blank, seq) == 1 then return nil end
  return cmsgpack.unpack(row[2][6]), tonumber(row[2][2])
end

local WRONG_TARGET = {'refused', 'wrong_target'}

-- Returns nil where there is a message at seq, else the refusal.
local function is_message(log, blank, seq)
  local event = entry_at(log, blank, seq)
  if not event or event.name ~= 'message.posted' then return WRONG_TARGET end
  return nil
end

-- Returns nil where this is a message of *author* that is young enough to be changed, else the refusal.  window [ms].
local function is_own(event, at, author, now, window)
  if not event or event.name ~= 'message.posted' or event.by.id ~= author then return WRONG_TARGET end
  if now - at > window then return {'refused', 'too_late'} end
  return nil
end

local function may_change(log, blank, seq, author, now, window)
  local event, at = entry_at(log, blank, seq)
  return is_own(event, at, author, now, window)
end
