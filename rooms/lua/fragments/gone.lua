-- Who was given an alert and has left the room since: they are owed a notice of what became of it.  Needs given and owe.
-- k [table]: members, given, correction, owed, noted.

-- Who was given the entry at *seq* and is no member any longer.
local function gone_since(k, seq)
  local gone = {}
  for _, person in ipairs(redis.call('HKEYS', k.given)) do
    if redis.call('HEXISTS', k.members, person) == 0 and holds(point_of(k.given, person), seq) then
      gone[#gone + 1] = person
    end
  end
  return gone
end

-- told [table, see rooms/warning_shape.py: CorrectionView, and n of the message]; nobody's doing it is to whom it is not
-- owed.  Its id is the message's: who has left two of the alert's rooms is told once.  It is kept though nobody is gone:
-- of some it turns out later what they were given (give.lua).
local function owe_gone(k, due, now, told, gone)
  told.id = told.alert .. ':' .. string.format('%.0f', told.n)
  told.made, told.author, told.by = now, '', ''
  redis.call('HSET', k.correction, string.format('%.0f', told.seq), cmsgpack.pack(told))
  for _, person in ipairs(gone) do owe(k, person, told) end
  if #gone > 0 then set_owing(due, now, told.room, told.seq) end
end
