-- Who may move a warning, from which state, and what a change of it must make sense of.  Needs member.  step [table, see
-- rooms/warning_record.py: Step].

local ENDED = {in_force = true, cleared = true, expired = true}
local FROM = {clear = {in_force = true}, route = {in_force = true}, correct = ENDED, retract = ENDED}
local WRONG_STATE = {'refused', 'wrong_state'}
local LEAST_OF_DEED = 15 -- [characters] of what a suspicious person does

-- Returns nil where this person may take the step, else the refusal.
local function may_step(step, warning, member, person)
  if warning.person == person or step.may == 'anybody' then return nil end
  if step.may == 'staff' and member.role ~= 'resident' then return nil end
  return {'refused', 'not_permitted'}
end

-- Returns nil where the member may put other words into it: who is muted, or in a locked room, only where it warns of
-- danger, as with raising one.  Else the refusal.
local function may_say(step, warning, member, head, now)
  if step.name ~= 'correct' or step.danger[step.changes.kind or warning.kind] then return nil end
  return may_write(member, head, now)
end

-- What its author says of a warning that is hidden is hidden with it: the entry tells that it was taken back.
local function without_reason(event)
  local told = cmsgpack.unpack(event)
  told.data.reason = ''
  return cmsgpack.pack(told)
end

-- Counts whose proposal became what: every warning once, as it is routed now.
local function count_routed(routed, warning, desk)
  local proposed = warning.proposed.desk
  if warning.desk ~= proposed then redis.call('HINCRBY', routed, proposed .. ':' .. warning.desk, -1) end
  if desk ~= proposed then redis.call('HINCRBY', routed, proposed .. ':' .. desk, 1) end
end

local function letters_in(text) -- not bytes: UTF-8
  return select(2, string.gsub(text, '[^\128-\191]', ''))
end

-- Returns nil where the changes make sense, else the refusal.  most [table]: from a warning to its end, in ms.
local function check_step(step, warning, member, now, most)
  if not FROM[step.name][warning.state] then return WRONG_STATE end
  if step.danger[step.changes.kind or ''] and not warning.emergency then return {'refused', 'call_112_first', 'field', 'kind'} end
  local kind, text = step.changes.kind or warning.kind, step.changes.text or warning.text
  if kind == 'suspicious' and letters_in(text) < LEAST_OF_DEED then return {'refused', 'bad_request', 'field', 'text'} end
  local ends = step.changes['until']
  if not ends then return nil end
  if warning.state ~= 'in_force' then return WRONG_STATE end
  local latest = warning.at + (member.role == 'resident' and most.resident or most.staff)
  if ends <= now or ends > latest then return {'refused', 'bad_request', 'field', 'until'} end
  return nil
end
