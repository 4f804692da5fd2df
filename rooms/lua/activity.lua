-- What a board begins with of a room: how far its log is, who is here, its talk, its calls and what is in force there, as
-- of one moment, so that what the feed brings can be counted on from there.
-- Returns {'ok', seq, how many are here, {talk, hour: of its head}, {16 digits and packed case, ...},
--         {packed warning in force, ...}, {alert in force, its packed record, ...}, {staff inside on a ground, ...},
--         {open report, ...}}.
local head, here, cases = KEYS[1], KEYS[2], KEYS[3]    -- [hash] [zset] [hash]
local in_force, warning, alerts = KEYS[4], KEYS[5], KEYS[6] -- [zset] [hash] [hash]
local inside, reported = KEYS[7], KEYS[8]              -- [hash] [hash]
local now = ARGV[1]                                    -- [ms]

local seqs = redis.call('ZRANGE', in_force, 0, -1)
return {'ok', tonumber(redis.call('HGET', head, 'seq') or '0'), redis.call('ZCOUNT', here, '(' .. now, '+inf'),
  redis.call('HMGET', head, 'talk', 'hour'), redis.call('HVALS', cases),
  #seqs > 0 and redis.call('HMGET', warning, unpack(seqs)) or {}, redis.call('HGETALL', alerts),
  redis.call('HKEYS', inside), redis.call('HVALS', reported)}
