-- Open gates that were left shut: those still owned by the hold that was found to have lost the seat.
-- KEYS     gates, of one event
-- ARGV[1]  a gate that opens by itself within this many milliseconds is left alone: its hold may be on its way
-- ARGV[2…] the owner seen in each of them
-- returns  how many were opened
local opened = 0
for place, key in ipairs(KEYS) do
    local left = redis.call('PTTL', key)
    if (left == -1 or left > tonumber(ARGV[1])) and redis.call('GET', key) == ARGV[place + 1] then
        opened = opened + redis.call('DEL', key)
    end
end
return opened
