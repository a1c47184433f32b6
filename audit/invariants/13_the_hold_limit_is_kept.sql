-- At no instant did one person hold more seats of one event than the limit (`--hold-limit`; MAX_HELD_SEATS_PER_USER,
-- 10).
-- Means: somebody kept more seats away from others than the rules allow; or the limit was higher once, and you pass
-- today's.
-- Do: pass the highest limit that was ever in force. If that is not it, report it: requests of one person for one event
-- take turns.
WITH allowed AS (
    SELECT coalesce(nullif(current_setting('audit.hold_limit', true), ''), '10')::int AS seats
),
span AS (
    -- From each placing or extension to the next change of the seat, or to the end of the hold if that comes first: an
    -- ended hold counts for nobody, swept or not.
    SELECT user_id, event_id, new_status, at AS begins, least(hold_expiry, lead(at) OVER seat) AS ends
    FROM seat_log
    WINDOW seat AS (PARTITION BY seat_id ORDER BY version)
),
-- Who has not held more seats over all time than are allowed at once need not be looked at any closer.
frequent AS (
    SELECT user_id, event_id
    FROM span
    WHERE new_status = 'held' AND ends > begins
    GROUP BY user_id, event_id
    HAVING count(*) > (SELECT seats FROM allowed)
),
edge AS (
    SELECT user_id, event_id, begins AS at, 1 AS change
    FROM span JOIN frequent USING (user_id, event_id) WHERE new_status = 'held' AND ends > begins
    UNION ALL
    SELECT user_id, event_id, ends, -1
    FROM span JOIN frequent USING (user_id, event_id) WHERE new_status = 'held' AND ends > begins
),
level AS (
    -- At one instant, ends come before beginnings: a hold that ends now is over now, and an extension replaces what it
    -- extends.
    SELECT user_id, event_id, at, sum(change) OVER (
        PARTITION BY user_id, event_id ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS held
    FROM edge
)
SELECT user_id, event_id, max(held) AS held_at_once, (SELECT seats FROM allowed) AS allowed,
       min(at) FILTER (WHERE held > (SELECT seats FROM allowed)) AS first_exceeded_at
FROM level
GROUP BY user_id, event_id
HAVING max(held) > (SELECT seats FROM allowed)
ORDER BY user_id, event_id;
