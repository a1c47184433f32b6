-- The traces of a long sale, written at once: `sale.events` events of 1,000 seats, and for every seat `sale.cycles` times
-- held and released, held and booked, and cancelled, except that the last booking stays. That is 5 * cycles - 1 entries of
-- the ledger for each seat. Always two seats to a hold, 500 people, and an idempotency key for each hold that was booked.
SET LOCAL session_replication_role = replica;

CREATE TEMPORARY TABLE size ON COMMIT DROP AS
SELECT current_setting('sale.events')::int AS events, current_setting('sale.cycles')::int AS cycles,
       date_trunc('second', now()) - interval '30 days' AS began;

INSERT INTO users (email, password_hash) SELECT 'person-' || n || '@example.com', 'none' FROM generate_series(1, 500) AS n;

INSERT INTO seat_plans (hash, document) VALUES ('long-sale', '{}');

INSERT INTO events (name, event_type, venue, city, start_time, price_from, prices, seat_plan_hash, first_seat_id, seat_count)
SELECT 'Event ' || n, 'concert', 'Aurora Theatre', 'Berlin', now() + interval '30 days', 4500, '{"standard": 4500}',
       'long-sale', 1 + 1000 * (n - 1), 1000
FROM size, generate_series(1, size.events) AS n;

-- One row for each hold of two seats that was booked, and beside it the one that was released.
CREATE TEMPORARY TABLE turn ON COMMIT DROP AS
SELECT pair, cycle, 1 + pair / 500 AS event_id, cycle = size.cycles - 1 AS is_last,
       1 + (pair + cycle) % 500 AS looker, 1 + (pair + cycle + 250) % 500 AS buyer,
       md5('looked' || pair || '/' || cycle)::uuid AS looked_id, md5('held' || pair || '/' || cycle)::uuid AS hold_id,
       md5('order' || pair || '/' || cycle)::uuid AS order_id,
       began + make_interval(hours => cycle, secs => pair % 600) AS at,
       (pair * size.cycles + cycle)::bigint * 10 AS xid
FROM size, generate_series(0, 500 * size.events - 1) AS pair, generate_series(0, size.cycles - 1) AS cycle;

-- And one for each seat of it.
CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT turn.*, nth, 1 + 2 * pair + nth AS seat_id, 1 + (2 * pair + nth)::bigint * size.cycles + cycle AS booking_id
FROM size, turn, generate_series(0, 1) AS nth;

INSERT INTO seat_log (seat_id, version, event_id, old_status, new_status, hold_id, hold_expiry, user_id, booking_id, xid, at)
SELECT seat_id, 5 * cycle + step.nth, event_id, step.old_status, step.new_status,
       CASE WHEN step.nth <= 2 THEN looked_id WHEN step.nth <= 4 THEN hold_id END,
       CASE WHEN step.nth <= 2 THEN at + interval '5 minutes' WHEN step.nth <= 4 THEN at + interval '7 minutes' END,
       CASE WHEN step.nth <= 2 THEN looker WHEN step.nth <= 4 THEN buyer END,
       CASE WHEN step.nth >= 4 THEN booking_id END,
       -- Everything is done to both seats in one transaction, but each is cancelled on its own.
       (3 + xid + step.nth + CASE step.nth WHEN 5 THEN place.nth ELSE 0 END)::text::xid8,
       at + make_interval(mins => step.nth - 1)
FROM place
CROSS JOIN (VALUES
    (1, 'available', 'held'), (2, 'held', 'available'), (3, 'available', 'held'), (4, 'held', 'booked'),
    (5, 'booked', 'available')
) AS step (nth, old_status, new_status)
WHERE step.nth < 5 OR NOT is_last;

INSERT INTO orders (id, hold_id, user_id, event_id, total, currency, created_at)
SELECT order_id, hold_id, buyer, event_id, 9000, 'EUR', at + interval '3 minutes' FROM turn;

INSERT INTO bookings (id, order_id, user_id, event_id, seat_id, hold_id, status, price, currency, created_at, cancelled_at)
OVERRIDING SYSTEM VALUE
SELECT booking_id, order_id, buyer, event_id, seat_id, hold_id, CASE WHEN is_last THEN 'confirmed' ELSE 'cancelled' END,
       4500, 'EUR', at + interval '3 minutes', CASE WHEN NOT is_last THEN at + interval '4 minutes' END
FROM place;

INSERT INTO seats (id, event_id, seat_number, section, row_label, x, y, category, price, status, booking_id, version)
SELECT seat_id, event_id, 'A' || seat_id, 'Stalls', 'A', seat_id, 0, 'standard', 4500, 'booked', booking_id, 5 * cycles - 1
FROM size, place
WHERE is_last;

INSERT INTO idempotency_keys (user_id, key, fingerprint, status, body, created_at)
SELECT buyer, 'hold-' || hold_id, '\x00'::bytea, 201, format(
           '{"hold_id":"%s","event_id":%s,"seats":[{"seat_id":%s},{"seat_id":%s}],"total":9000,"currency":"EUR"}',
           hold_id, event_id, 1 + 2 * pair, 2 + 2 * pair), at + interval '2 minutes'
FROM turn
UNION ALL
SELECT buyer, 'confirm-' || hold_id, '\x00'::bytea, 201, format(
           '{"order_id":"%s","event_id":%s,"bookings":[{"id":1,"seat_id":1}],"total":9000,"currency":"EUR"}',
           order_id, event_id), at + interval '3 minutes'
FROM turn;
