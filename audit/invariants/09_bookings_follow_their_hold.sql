-- A seat is booked out of the hold that it was under: the same hold, the same person, before its end.
-- Means: somebody got a seat without holding it, with somebody else's hold, or with one that had ended and could have
-- gone to another.
-- Do: read the ledger of the seat around this version. If nobody else lost the seat by it, the booking may stand; if
-- somebody did, they were first. Report it: the trigger `seats_guard` refuses this.
SELECT l.seat_id, l.version, l.event_id, l.user_id, l.hold_id, l.booking_id, l.at,
       p.new_status AS previous_status, p.hold_id AS previous_hold_id, p.user_id AS previous_user_id,
       p.hold_expiry AS held_until
FROM seat_log l
LEFT JOIN seat_log p ON p.seat_id = l.seat_id AND p.version = l.version - 1
WHERE l.new_status = 'booked'
  AND (p.new_status = 'held' AND p.hold_id = l.hold_id AND p.user_id = l.user_id AND l.at < p.hold_expiry) IS NOT TRUE
ORDER BY l.seat_id, l.version;
