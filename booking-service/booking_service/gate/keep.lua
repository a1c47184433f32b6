-- Holds are committed: keep their gates shut as long as they last. Also shuts them again after Redis forgot them.
-- KEYS     the seats' gates, hold after hold, all of one event
-- ARGV     for each hold: who asked for it; hold id, from now on the owner; milliseconds that it has left; how many of
--          the keys are its
local before = 0
for at = 1, #ARGV, 4 do
    local asker, hold, left, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
    for place = 1, count do
        local key = KEYS[before + place]
        local owner = redis.call('GET', key)
        if not owner or owner == asker or owner == hold then
            redis.call('SET', key, hold, 'PX', left)
        end
    end
    before = before + count
end
return {}
