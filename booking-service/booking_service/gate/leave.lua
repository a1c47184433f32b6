-- Open the gates that these owners have; a stranger's stay shut.
-- KEYS     the seats' gates, owner after owner, all of one event
-- ARGV     for each owner: a hold id, or who asked for one; how many of the keys it may have
local before = 0
for at = 1, #ARGV, 2 do
    local owner, count = ARGV[at], tonumber(ARGV[at + 1])
    for place = 1, count do
        local key = KEYS[before + place]
        if redis.call('GET', key) == owner then
            redis.call('DEL', key)
        end
    end
    before = before + count
end
return {}
