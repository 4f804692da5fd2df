-- uses: append warning
-- Ends a warning whose author is being erased before its time: for the room it is over, silently, as by the clock.
-- Returns {'ok', seq of the entry, 0 where it is in force no longer}.
local head, log, feed, clock = KEYS[1], KEYS[2], KEYS[3], KEYS[4] -- [hash] [stream] [stream] [hash]
local k = {
  due = KEYS[5], warning = KEYS[6], in_force = KEYS[7], -- [zset] [hash] [zset]
  warned = KEYS[8], answers = KEYS[9],                 -- [zset] [hash]
}
local now, room, seq = tonumber(ARGV[1]), ARGV[2], ARGV[3] -- [ms] [id] [seq]
local event = ARGV[4]                                  -- [msgpack]

local warning = warning_at(k, seq)
if not warning or warning.state ~= 'in_force' then return {'ok', 0} end
end_warning(k, room, seq, warning, 'expired')
return {'ok', append(head, log, feed, clock, room, now, event)}
