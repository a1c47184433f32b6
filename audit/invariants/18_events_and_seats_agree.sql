-- The seats of an event have the ids from `first_seat_id` on without a gap and the prices of their categories, and
-- `price_from` is the lowest of them.
-- Means: browsers draw a seat at the place of another one, since a seat's place in the plan is its id minus
-- `first_seat_id`; or the catalogue shows prices that nobody can have.
-- Do: with wrong ids, stop selling the event: people do not get the seat that they click. With wrong prices, correct
-- `prices` and `price_from` of the event, or the seats, whichever is wrong.
SELECT e.id AS event_id, e.first_seat_id, e.seat_count, s.first_id, s.last_id, s.seats, e.price_from, s.lowest_price,
       s.not_priced_by_category
FROM events e
LEFT JOIN (
    SELECT seats.event_id, min(seats.id) AS first_id, max(seats.id) AS last_id, count(*) AS seats,
           min(seats.price) AS lowest_price,
           count(*) FILTER (
               WHERE (seats.price::text = events.prices ->> seats.category) IS NOT TRUE) AS not_priced_by_category
    FROM seats JOIN events ON events.id = seats.event_id
    GROUP BY seats.event_id
) s ON s.event_id = e.id
WHERE (s.first_id = e.first_seat_id AND s.last_id = e.first_seat_id + e.seat_count - 1 AND s.seats = e.seat_count
       AND s.lowest_price = e.price_from AND s.not_priced_by_category = 0) IS NOT TRUE
ORDER BY e.id;
