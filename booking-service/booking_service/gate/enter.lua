-- Take the gates of all seats, or of none.
-- KEYS     the seats' gates, of one event
-- ARGV[1]  who asks
-- ARGV[2]  milliseconds until they open by themselves, should the asker die on the way
-- returns  places (from 1) of the gates that others have; none: all are ours now
local refused = {}
for place, key in ipairs(KEYS) do
    local owner = redis.call('GET', key)
    if owner and owner ~= ARGV[1] then
        refused[#refused + 1] = place
    end
end
if #refused == 0 then
    for _, key in ipairs(KEYS) do
        redis.call('SET', key, ARGV[1], 'NX', 'PX', ARGV[2])
    end
end
return refused
