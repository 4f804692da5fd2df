-- Later wordings of an entry, kept in edits:<room>: whoever takes back, hides or removes the entry finds them all.

local function note_wording(edits, target, seq)
  local earlier = redis.call('HGET', edits, target)
  redis.call('HSET', edits, target, (earlier and earlier .. ' ' or '') .. string.format('%.0f', seq))
end

-- The seqs [text] of the entry and of its later wordings.
local function wordings(edits, target)
  local seqs = {target}
  for seq in string.gmatch(redis.call('HGET', edits, target) or '', '%d+') do seqs[#seqs + 1] = seq end
  return seqs
end
