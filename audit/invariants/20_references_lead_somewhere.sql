-- Whatever a row names is there: the order, seat and buyer of a booking and who let them in, the event and buyer of an
-- order, the event and holder of a seat, the booking, event and scanner of a double entry, the person of a stored answer.
-- Means: rows were deleted while the foreign keys were switched off, or a backup was restored in part.
-- Do: see `the_guards_stand`. Restore the missing rows from a backup; do not delete what names them.
SELECT 'bookings' AS in_table, b.id::text AS row, 'order ' || b.order_id AS missing
FROM bookings b WHERE NOT EXISTS (SELECT FROM orders WHERE orders.id = b.order_id)
UNION ALL
SELECT 'bookings', b.id::text, 'seat ' || b.seat_id || ' of event ' || b.event_id
FROM bookings b WHERE NOT EXISTS (SELECT FROM seats WHERE seats.id = b.seat_id AND seats.event_id = b.event_id)
UNION ALL
SELECT 'bookings', b.id::text, 'user ' || b.user_id
FROM bookings b WHERE NOT EXISTS (SELECT FROM users WHERE users.id = b.user_id)
UNION ALL
SELECT 'bookings', b.id::text, 'user ' || b.admitted_by
FROM bookings b WHERE b.admitted_by IS NOT NULL AND NOT EXISTS (SELECT FROM users WHERE users.id = b.admitted_by)
UNION ALL
SELECT 'double_entries', d.id::text, 'booking ' || d.booking_id
FROM double_entries d WHERE NOT EXISTS (SELECT FROM bookings WHERE bookings.id = d.booking_id)
UNION ALL
SELECT 'double_entries', d.id::text, 'event ' || d.event_id
FROM double_entries d WHERE NOT EXISTS (SELECT FROM events WHERE events.id = d.event_id)
UNION ALL
SELECT 'double_entries', d.id::text, 'user ' || d.scanned_by
FROM double_entries d WHERE NOT EXISTS (SELECT FROM users WHERE users.id = d.scanned_by)
UNION ALL
SELECT 'orders', o.id::text, 'event ' || o.event_id
FROM orders o WHERE NOT EXISTS (SELECT FROM events WHERE events.id = o.event_id)
UNION ALL
SELECT 'orders', o.id::text, 'user ' || o.user_id
FROM orders o WHERE NOT EXISTS (SELECT FROM users WHERE users.id = o.user_id)
UNION ALL
SELECT 'seats', s.id::text, 'event ' || s.event_id
FROM seats s WHERE NOT EXISTS (SELECT FROM events WHERE events.id = s.event_id)
UNION ALL
SELECT 'seats', s.id::text, 'user ' || s.held_by
FROM seats s WHERE s.held_by IS NOT NULL AND NOT EXISTS (SELECT FROM users WHERE users.id = s.held_by)
UNION ALL
SELECT 'idempotency_keys', k.created_at::text, 'user ' || k.user_id
FROM idempotency_keys k WHERE NOT EXISTS (SELECT FROM users WHERE users.id = k.user_id)
ORDER BY 1, 2;
