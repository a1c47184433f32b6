-- A booking was sold at the price of its seat, in the currency of its event.
-- Means: a price was changed between the sale and now, in the seat, the event or the booking; or a sale had the wrong
-- price.
-- Do: no program of ours changes a price. If you changed prices on purpose, leave this out with `--skip
-- bookings_cost_what_their_seats_cost`; if not, find out who did, and settle the difference.
SELECT b.id AS booking_id, b.order_id, b.seat_id, b.price, b.currency, s.price AS price_of_the_seat,
       e.currency AS currency_of_the_event
FROM bookings b
JOIN seats s ON s.id = b.seat_id
JOIN events e ON e.id = s.event_id
WHERE b.price <> s.price OR b.currency <> e.currency
ORDER BY b.id;
