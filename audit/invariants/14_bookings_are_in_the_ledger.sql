-- Every booking is explained by one entry of the ledger: the same seat, event, person and hold; and a cancelled one by
-- one that freed its seat.
-- Means: a booking was written past the service (no `booked_entries`), or it says cancelled and the seat was never
-- freed, or the seat was freed and it still says confirmed.
-- Do: ask who wrote it. A confirmed booking without an entry gives nobody a seat: see what the seat itself says.
SELECT b.id AS booking_id, b.seat_id, b.event_id, b.user_id, b.hold_id, b.status,
       coalesce(l.booked, 0) AS booked_entries, coalesce(l.freed, 0) AS freed_entries
FROM bookings b
LEFT JOIN (
    SELECT booking_id, seat_id, event_id,
           count(*) FILTER (WHERE new_status = 'booked') AS booked,
           count(*) FILTER (WHERE old_status = 'booked') AS freed,
           min(user_id) FILTER (WHERE new_status = 'booked') AS user_id,
           -- There is no min() of UUIDs before PostgreSQL 18; with one entry any aggregate will do.
           (array_agg(hold_id) FILTER (WHERE new_status = 'booked'))[1] AS hold_id
    FROM seat_log
    WHERE booking_id IS NOT NULL
    GROUP BY booking_id, seat_id, event_id
) l ON l.booking_id = b.id AND l.seat_id = b.seat_id AND l.event_id = b.event_id
WHERE (l.booked = 1 AND l.user_id = b.user_id AND l.hold_id = b.hold_id
       AND l.freed = CASE b.status WHEN 'cancelled' THEN 1 ELSE 0 END) IS NOT TRUE
ORDER BY b.id;
