-- The warnings in force in a room, for who comes later.

-- Returns a flat list {packed record, how many see, are not there, say it is over, the person's own answer or '', ...}
-- of those from the entry *since* on, which is where the member may read from.
local function pinned(warning, in_force, answers, person, since)
  local flat = {}
  for _, seq in ipairs(redis.call('ZRANGE', in_force, 0, -1)) do
    local packed = tonumber(seq) >= since and redis.call('HGET', warning, seq)
    if packed then
      local prefix = seq .. ':'
      local row = redis.call('HMGET', answers, prefix .. 'see', prefix .. 'not_here', prefix .. 'over', prefix .. person)
      flat[#flat + 1] = packed
      for index = 1, 3 do flat[#flat + 1] = tonumber(row[index] or '0') end
      flat[#flat + 1] = row[4] or ''
    end
  end
  return flat
end
