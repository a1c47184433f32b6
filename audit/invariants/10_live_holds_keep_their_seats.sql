-- Nobody takes a seat over before the hold on it has ended; an ended hold does not live again; a hold never ends
-- earlier than was promised.
-- Means: somebody lost a seat that was promised to them, or kept one that they had lost.
-- Do: `user_id` has the seat now, `previous_user_id` had the promise. Report it with the ledger of the seat: the
-- trigger `seats_guard` refuses this, so see `the_guards_stand` and `the_ledger_follows_the_clock` first.
SELECT l.seat_id, l.version, l.event_id, l.at, p.hold_expiry AS held_until, p.hold_id AS previous_hold_id,
       p.user_id AS previous_user_id, l.hold_id, l.user_id, l.hold_expiry AS now_held_until
FROM seat_log l
JOIN seat_log p ON p.seat_id = l.seat_id AND p.version = l.version - 1
WHERE l.old_status = 'held' AND l.new_status = 'held'
  AND (CASE WHEN l.hold_id = p.hold_id
       THEN l.user_id = p.user_id AND l.at < p.hold_expiry AND l.hold_expiry >= p.hold_expiry
       ELSE l.at >= p.hold_expiry
       END) IS NOT TRUE
ORDER BY l.seat_id, l.version;
