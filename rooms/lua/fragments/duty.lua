-- Duty: who goes off it, and the deadline by which the cases have followed a change of it.

local FOLLOW_MS = 2000 -- [ms] what the process that made the change has for it, before another sees to it

-- Each change has a deadline of its own: who has followed an earlier one takes nobody else's away.
local function let_follow(due, now, person)
  redis.call('ZADD', due, string.format('%.0f', now + FOLLOW_MS), string.format('duty:%s:%.0f', person, now))
end

-- Takes somebody off the roster, and tells the colleagues where that is news.
local function take_off(duty, lease, feed, clock, now, person, organisation, event)
  if redis.call('HDEL', duty, person) == 1 then tell_staff(feed, clock, now, organisation, event) end
  redis.call('ZREM', lease, person)
end
