-- The seats of a hold belong to one person and one event; they are placed, extended, confirmed and, before its end,
-- released together in one transaction, or not at all.
-- Means: somebody got a part of what they asked for. `in_this_transaction` says how many of the hold's seats took the
-- step.
-- Do: read the ledger of the hold (`WHERE hold_id = …`). If a part was confirmed, ask the buyer whether they want it.
-- Report it.
WITH step AS (
    SELECT seat_id, event_id, user_id, hold_id, xid, at,
           CASE
               WHEN new_status = 'held' AND old_status = 'held' AND lag(hold_id) OVER seat = hold_id THEN 'extended'
               WHEN new_status = 'held' THEN 'placed'
               WHEN new_status = 'booked' THEN 'confirmed'
               -- After its end the seats of a hold go one by one: to whoever wants them, or in batches of the sweep.
               WHEN old_status = 'held' AND new_status = 'available' AND at < hold_expiry THEN 'released'
           END AS did
    FROM seat_log
    WINDOW seat AS (PARTITION BY seat_id ORDER BY version)
),
placed AS (
    SELECT hold_id, count(*) AS seats, min(user_id) AS user_id,
           min(user_id) = max(user_id) AS one_user, min(event_id) = max(event_id) AS one_event
    FROM step WHERE did = 'placed' GROUP BY hold_id
),
done AS (
    SELECT hold_id, did, xid, count(*) AS seats, min(at) AS at
    FROM step WHERE did IS NOT NULL GROUP BY hold_id, did, xid
)
SELECT hold_id, done.did, done.xid, done.at, placed.user_id, placed.seats AS seats_of_the_hold,
       done.seats AS in_this_transaction, placed.one_user, placed.one_event
FROM done
LEFT JOIN placed USING (hold_id)
WHERE (done.seats = placed.seats AND placed.one_user AND placed.one_event) IS NOT TRUE
ORDER BY hold_id, done.at;
