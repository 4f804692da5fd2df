-- Which message of an alert a person has answered to have seen: kept in alert_known:<room> as seen:<n>.

-- Returns n, 0 where they have answered nothing.  state [text, or what there is none of].
local function seen_in(state)
  if state == 'seen' then return 1 end -- written down before messages were told apart
  return tonumber(string.match(state or '', '^seen:(%d+)$')) or 0
end

-- The number of the last message that asks to be seen: an end only says that it is over.  nil where the room never had
-- the alert.
local function last_said(alerts, alerted, alert)
  local n = tonumber(string.match(redis.call('HGET', alerted, alert) or '', '^%d+'))
  return n and redis.call('HEXISTS', alerts, alert) == 0 and n - 1 or n
end
