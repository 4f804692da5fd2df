-- Keeps the ticket of somebody who knew the password and has still to show the second factor; it ends by itself.
-- Returns {'ok'}.
local ticket = KEYS[1]                                 -- [string: msgpack]
local kept, valid = ARGV[1], ARGV[2]                   -- [msgpack] [ms]

redis.call('SET', ticket, kept, 'PX', valid)
return {'ok'}
