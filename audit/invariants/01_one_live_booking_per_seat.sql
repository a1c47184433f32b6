-- Of all bookings of a seat, at most one is confirmed.
-- Means: a seat has been sold twice. This must never happen: the trigger, the row of the seat and the index
-- `one_live_booking_per_seat` each forbid it, so somebody has switched guards off, or the index is damaged.
-- Do: stop selling this event (`events.status = 'closed'`). The ledger of the seat says who had it first; the later
-- buyers need another seat or their money. Then see which guard is missing (`the_guards_stand`), run `REINDEX INDEX
-- one_live_booking_per_seat`, and report it to us with the ledger of the seat.
SELECT seat_id, count(*) AS live_bookings, array_agg(id ORDER BY id) AS booking_ids,
       array_agg(user_id ORDER BY id) AS user_ids
FROM bookings
WHERE status = 'confirmed'
GROUP BY seat_id
HAVING count(*) > 1
ORDER BY seat_id;
