-- The ledger counts the changes of each seat 1, 2, 3 …; each begins where the one before ended, and each is an allowed
-- step.
-- Means: an entry was removed, added or rewritten, or a seat was changed while the trigger `seats_guard` was off.
-- Do: see `the_guards_stand`. What was decided is in the seats and bookings, and is checked there; what is lost is the
-- proof. Compare with a backup to learn which entries are missing, and keep both.
SELECT seat_id, version, expected_version, old_status, previous_status, new_status, at
FROM (
    SELECT seat_id, version, old_status, new_status, at, row_number() OVER seat AS expected_version,
           -- Seats are made available, and their making is no change.
           lag(new_status, 1, 'available') OVER seat AS previous_status
    FROM seat_log
    WINDOW seat AS (PARTITION BY seat_id ORDER BY version)
) AS chain
WHERE version <> expected_version
   OR old_status <> previous_status
   OR (old_status, new_status) NOT IN (
        ('available', 'held'), ('held', 'held'), ('held', 'booked'), ('held', 'available'), ('booked', 'available'),
        ('available', 'blocked'), ('held', 'blocked'), ('booked', 'blocked'), ('blocked', 'available')
      )
ORDER BY seat_id, version;
