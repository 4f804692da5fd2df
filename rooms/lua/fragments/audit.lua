-- The open book: what staff did, noted in the same step as the deed (rooms/audit_deed.py).  k [table]: audit,
-- audit_head, due, and for a row with words audit_text; book [id], as keys.book_of gives it for the room.

-- A row under the number after *last*.  A book in which somebody wrote numbers of their own refuses it: the deed is
-- carried out all the same, and the row comes behind whatever is there, where `bart audit verify` finds the hole.
local function write_row(stream, last, at, row)
  local said = redis.pcall('XADD', stream, string.format('%.0f-0', last + 1), 't', at, 'e', row)
  if type(said) ~= 'table' or not said.err then return last + 1 end
  local newest = redis.pcall('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  local beyond = math.max(last, newest and tonumber(string.match(newest[1], '^%d+')) or 0) + 1
  redis.pcall('XADD', stream, string.format('%.0f-0', beyond), 't', at, 'e', row)
  return beyond
end

-- Notes a deed and returns the number of its row.  row [msgpack AuditRow].  It stands there unsealed until the sealer of
-- some process comes by, which finds it by its deadline, now.
local function audit(k, now, book, row)
  local kept = redis.call('HMGET', k.audit_head, 'n', 'at')
  local at = string.format('%.0f', math.max(tonumber(kept[2] or '0'), now))
  local n = write_row(k.audit, tonumber(kept[1] or '0'), at, row)
  redis.call('HSET', k.audit_head, 'n', string.format('%.0f', n), 'at', at)
  redis.call('ZADD', k.due, 'NX', string.format('%.0f', now), 'seal:' .. book)
  return n
end

-- The same with somebody's words beside it.  text [16 bytes of salt, then UTF-8]: the row holds its SHA-256, so that
-- the words can be erased and the chain still holds.
local function audit_words(k, now, book, row, text)
  local n = audit(k, now, book, row)
  redis.call('HSET', k.audit_text, string.format('%.0f', n), text)
  return n
end
