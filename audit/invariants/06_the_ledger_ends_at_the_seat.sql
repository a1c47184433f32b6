-- The last entry of a seat in the ledger is the seat as it is: same version, status, event, hold, holder, end and
-- booking.
-- Means: a seat was changed without the ledger (the trigger was off), the ledger was shortened, or an acknowledged
-- change was lost in a crash.
-- Do: see `the_guards_stand` and `commits_are_durable`. Where the row is ahead of the ledger, somebody changed it by
-- hand. Where the ledger is ahead, the row has gone back in time: stop selling the event, and restore.
SELECT s.id AS seat_id, s.event_id, s.version, l.version AS ledger_version, s.status, l.new_status AS ledger_status,
       s.hold_id, s.booking_id, l.hold_id AS ledger_hold_id, l.booking_id AS ledger_booking_id
FROM seats s
LEFT JOIN LATERAL (SELECT * FROM seat_log WHERE seat_id = s.id ORDER BY version DESC LIMIT 1) l ON true
WHERE s.version <> coalesce(l.version, 0)
   OR s.status <> coalesce(l.new_status, 'available')
   OR s.event_id <> l.event_id
   OR (s.status = 'held'
       AND (s.hold_id, s.held_by, s.hold_expiry) IS DISTINCT FROM (l.hold_id, l.user_id, l.hold_expiry))
   OR (s.status = 'booked' AND s.booking_id IS DISTINCT FROM l.booking_id)
ORDER BY s.id;
