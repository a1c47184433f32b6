-- A hold that has ended keeps its seats for at most one turn of the sweep (60 s), and 5 s more.
-- Means: nobody sweeps: no booking service runs, or none reaches the database (`holds.sweeping_paused` in its log).
-- Nobody loses by it, since ended holds can be taken over, but SQL and reports count these seats as held.
-- Do: start a booking service, or look at its log. With another `SWEEP_INTERVAL_S`, pass `--swept-after`.
SELECT id AS seat_id, event_id, held_by, hold_id, hold_expiry, now() - hold_expiry AS ended_ago
FROM seats
-- now() is the beginning of the transaction: a later look at the clock would see holds end after the snapshot.
WHERE status = 'held'
  AND hold_expiry < now() - make_interval(
        secs => coalesce(nullif(current_setting('audit.swept_after_s', true), ''), '65')::float8)
ORDER BY hold_expiry, id;
