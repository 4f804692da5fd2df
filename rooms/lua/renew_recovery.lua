-- Sets a new recovery code for somebody whose first answer was lost on the way.
-- Returns {'ok'}.
redis.call('HSET', KEYS[1], 'recovery', ARGV[1])       -- [hash] [hex]
return {'ok'}
