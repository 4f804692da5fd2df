-- What is worth telling now and not worth keeping.

-- to is 'r' with a room's id or 'p' with a person's.
local function signal(fleeting, to, id, event)
  redis.call('XADD', fleeting, 'MAXLEN', '~', 500, '*', to, id, 'e', event)
end
