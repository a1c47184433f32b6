-- For one request after the other: take the gates of all its seats, or of none.
-- KEYS     the seats' gates, request after request, all of one event
-- ARGV     for each request: who asks; milliseconds until its gates open by themselves, should the asker die on the way;
--          how many of the keys are its
-- returns  for each request the places (from 1) of the gates that others have; none: all are its now
local answers, before = {}, 0
for at = 1, #ARGV, 3 do
    local asker, flight, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
    local refused = {}
    if count == 1 then
        local owner = redis.call('SET', KEYS[before + 1], asker, 'NX', 'GET', 'PX', flight)
        if owner and owner ~= asker then
            refused[1] = 1
        end
    else
        for place = 1, count do
            local owner = redis.call('GET', KEYS[before + place])
            if owner and owner ~= asker then
                refused[#refused + 1] = place
            end
        end
        if #refused == 0 then
            for place = 1, count do
                redis.call('SET', KEYS[before + place], asker, 'NX', 'PX', flight)
            end
        end
    end
    answers[#answers + 1] = refused
    before = before + count
end
return answers
