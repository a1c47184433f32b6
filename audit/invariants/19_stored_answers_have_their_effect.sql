-- Every success that is stored with an idempotency key has happened: the hold is in the ledger with all its seats, the
-- order is there, the booking is cancelled, the ticket is used, the event was created.
-- Means: somebody was told "done" and it is not: an acknowledged write was lost, or an answer was stored without its
-- work. Without a `status`, a key was committed before its work.
-- Do: see `commits_are_durable`. The person (`user_id`) believes that they have a hold or a booking: tell them. If
-- there was a crash or a restored backup, everything after it is suspect.
WITH kept AS (
    -- Pieces of text, not JSON functions: a damaged body is to be found, not to end the audit with an error. In a string
    -- of JSON a quote is written \", so these names cannot be met inside of one. An answer that does not have the name
    -- gets the empty text.
    SELECT user_id, created_at, status,
           split_part(split_part(body, '"hold_id":"', 2), '"', 1) AS hold_id,
           (length(body) - length(replace(body, '"seat_id":', ''))) / length('"seat_id":') AS seats,
           split_part(split_part(body, '"order_id":"', 2), '"', 1) AS order_id,
           -- Only the answers to a cancellation and to the creation of an event begin with an id, and only a booking is
           -- of an order.
           CASE WHEN body LIKE '{"id":%' THEN split_part(substr(body, 7), ',', 1) ELSE '' END AS id,
           -- Only an admission begins so.
           CASE WHEN body LIKE '{"booking_id":%' THEN split_part(substr(body, 15), ',', 1) ELSE '' END AS admitted
    FROM idempotency_keys
    WHERE status IS NULL OR (status BETWEEN 200 AND 299 AND status <> 204)
),
held AS (
    SELECT hold_id::text AS hold_id, user_id, count(DISTINCT seat_id) AS seats
    FROM seat_log
    WHERE new_status = 'held'
    GROUP BY hold_id, user_id
),
-- Bookings of deleted events; all of them count as cancelled.
told AS (
    SELECT booking ->> 'booking_id' AS booking_id, booking ->> 'order_id' AS order_id, booking ->> 'user_id' AS user_id,
           booking ->> 'admitted' AS admitted
    FROM audit_log
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(detail -> 'bookings') = 'array' THEN detail -> 'bookings' ELSE '[]' END) AS booking
    WHERE object_type = 'event' AND action IN ('event.deleted', 'event.force_deleted')
),
-- Also those that were deleted since.
created AS (
    SELECT object_id AS event_id, actor_id AS user_id FROM audit_log
    WHERE object_type = 'event' AND action = 'event.created'
)
SELECT kept.user_id, kept.created_at, kept.status, kept.hold_id, kept.seats AS seats_told, held.seats AS seats_held,
       kept.order_id, kept.id AS booking_or_event_id, bookings.status AS booking_status,
       kept.admitted AS admitted_booking_id
FROM kept
LEFT JOIN held ON held.hold_id = kept.hold_id AND held.user_id = kept.user_id
LEFT JOIN orders ON orders.id::text = kept.order_id AND orders.user_id = kept.user_id
LEFT JOIN bookings
    ON bookings.id::text = kept.id AND bookings.order_id::text = kept.order_id
   AND bookings.user_id = kept.user_id
WHERE (CASE
    WHEN kept.status IS NULL THEN false
    WHEN kept.admitted <> '' THEN
        EXISTS (SELECT FROM bookings WHERE bookings.id::text = kept.admitted AND bookings.admitted_at IS NOT NULL)
        OR (kept.admitted, 'true') IN (SELECT booking_id, admitted FROM told)
    WHEN kept.id <> '' AND kept.order_id = '' THEN
        (kept.id, kept.user_id) IN (SELECT event_id, user_id FROM created)
    WHEN kept.id <> '' THEN
        bookings.status = 'cancelled'
        OR (kept.id, kept.user_id::text) IN (SELECT booking_id, user_id FROM told)
    WHEN kept.order_id <> '' THEN
        orders.id IS NOT NULL
        OR (kept.order_id, kept.user_id::text) IN (SELECT order_id, user_id FROM told)
    WHEN kept.hold_id <> '' THEN held.seats = kept.seats
    ELSE false
    END) IS NOT TRUE
ORDER BY kept.created_at, kept.user_id;
