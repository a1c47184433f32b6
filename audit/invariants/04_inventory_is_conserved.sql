-- Every event has as many seats as it was made with, and as many of them are booked as it has confirmed bookings.
-- Means: seats have come from nowhere or have gone without the event, or the two ways of counting what is sold differ.
-- Do: with too few seats, look for a DELETE by hand, and restore the rows from a backup. When only `booked` and
-- `confirmed_bookings` differ, `booked_seats_have_their_booking` names the seats.
SELECT e.id AS event_id, e.seat_count, coalesce(s.seats, 0) AS seats, coalesce(s.booked, 0) AS booked,
       coalesce(b.confirmed, 0) AS confirmed_bookings
FROM events e
LEFT JOIN (
    SELECT event_id, count(*) AS seats, count(*) FILTER (WHERE status = 'booked') AS booked
    FROM seats GROUP BY event_id
) s ON s.event_id = e.id
LEFT JOIN (
    SELECT event_id, count(*) AS confirmed FROM bookings WHERE status = 'confirmed' GROUP BY event_id
) b ON b.event_id = e.id
WHERE coalesce(s.seats, 0) <> e.seat_count OR coalesce(s.booked, 0) <> coalesce(b.confirmed, 0)
ORDER BY e.id;
