-- The hold is committed: keep its gates shut as long as it lasts. Also shuts them again after Redis forgot them.
-- KEYS     the seats' gates, of one event
-- ARGV[1]  who asked for the hold
-- ARGV[2]  hold id, from now on the owner
-- ARGV[3]  milliseconds that the hold has left
for _, key in ipairs(KEYS) do
    local owner = redis.call('GET', key)
    if not owner or owner == ARGV[1] or owner == ARGV[2] then
        redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
    end
end
return redis.status_reply('OK')
