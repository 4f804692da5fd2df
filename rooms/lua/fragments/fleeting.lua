-- What is worth telling now and not worth keeping.

-- Tells a person's devices.
local function tell_person(fleeting, person, event)
  redis.call('XADD', fleeting, 'MAXLEN', '~', 500, '*', 'p', person, 'e', event)
end

-- Tells a room, but not the person whose doing it is.
local function tell_others(fleeting, room, person, event)
  redis.call('XADD', fleeting, 'MAXLEN', '~', 500, '*', 'r', room, 'b', person, 'e', event)
end
