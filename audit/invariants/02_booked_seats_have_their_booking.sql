-- A seat is booked exactly when it has a confirmed booking, and names that very booking, of the same event.
-- Means: a seat looks sold and nobody has bought it (no `booking_id` in the row), or somebody has bought it and it does
-- not look sold (no `seat_id`), so that it could be sold again.
-- Do: read the ledger of the seat and the booking. If the booking is right, stop selling the event until the seat names
-- it again; if nobody bought the seat, free it by an UPDATE that raises `version`, so that the ledger tells it.
SELECT s.id AS seat_id, s.status AS seat_status, s.booking_id AS named_booking_id,
       b.id AS booking_id, b.seat_id AS booked_seat_id, coalesce(s.event_id, b.event_id) AS event_id
FROM seats s
FULL JOIN (SELECT id, seat_id, event_id FROM bookings WHERE status = 'confirmed') b
    ON b.id = s.booking_id AND b.seat_id = s.id AND b.event_id = s.event_id
WHERE (s.status = 'booked') IS DISTINCT FROM (b.id IS NOT NULL)
ORDER BY coalesce(s.id, b.seat_id);
