-- A held seat has a hold, a holder, a beginning and an end; a booked one has a booking; a free or blocked one has none
-- of it.
-- Means: a row that no program of ours can write: `seats_shape_check` was dropped for a while, or the table is damaged.
-- Do: compare the row with the last entry of its ledger, which says what it should be, and repair it by an UPDATE that
-- raises `version`. If many rows of one page are wrong, suspect the disk: restore a backup.
SELECT id AS seat_id, event_id, status, hold_id, held_by, held_since, hold_expiry, booking_id, version, price
FROM seats
WHERE (CASE status
    WHEN 'available' THEN num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0
    WHEN 'held' THEN num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 4 AND booking_id IS NULL
    WHEN 'booked' THEN num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 0 AND booking_id IS NOT NULL
    WHEN 'blocked' THEN num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0
    ELSE false
    END AND version >= 0 AND price >= 0) IS NOT TRUE
ORDER BY id;
