-- Open the gates that this owner has; a stranger's stay shut.
-- KEYS     the seats' gates, of one event
-- ARGV[1]  owner: a hold id, or who asked for one
local opened = 0
for _, key in ipairs(KEYS) do
    if redis.call('GET', key) == ARGV[1] then
        opened = opened + redis.call('DEL', key)
    end
end
return opened
