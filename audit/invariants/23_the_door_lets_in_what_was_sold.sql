-- A ticket has let somebody in only if its booking is confirmed, and it is known when and by whose scanner; a double
-- entry is of a booking of its event that was used, or cancelled.
-- Means: somebody sits on a seat that was given back and may have been sold again, or the report of double entries
-- blames two doors for what they did not do.
-- Do: `bookings_admitted_check` and the lock on the booking forbid it, so see `the_guards_stand` first, then find out
-- who writes to `bookings` or `double_entries` by hand. If the event is on, look who sits on the seat.
SELECT 'bookings' AS in_table, b.id, b.id AS booking_id, b.event_id, b.status, b.admitted_at, b.admitted_by,
       NULL::bigint AS event_of_booking
FROM bookings b
WHERE num_nonnulls(b.admitted_at, b.admitted_gate, b.admitted_by) > 0
  AND (b.status = 'confirmed' AND num_nonnulls(b.admitted_at, b.admitted_by) = 2) IS NOT TRUE
UNION ALL
SELECT 'double_entries', d.id, d.booking_id, d.event_id, b.status, b.admitted_at, b.admitted_by, b.event_id
FROM double_entries d
LEFT JOIN bookings b ON b.id = d.booking_id
WHERE (b.event_id = d.event_id AND (b.admitted_at IS NOT NULL OR b.status = 'cancelled')) IS NOT TRUE
ORDER BY 1, 2;
