-- A catalogue of :events events with 1,000 seats each, half of them movies, a fifth of them over. Without triggers and
-- foreign keys, and with the indexes of seats made at the end: five million seats in a few minutes.
SET LOCAL session_replication_role = replica;
SET LOCAL maintenance_work_mem = '512MB';
DROP INDEX seats_event_id_status_idx, seats_hold_expiry_idx, seats_held_by_event_id_idx, seats_booking_id_idx;

INSERT INTO seat_plans (hash, document)
SELECT 'plan-' || nth, '{"format":"seatplan/1","sections":"' || repeat('A1 A2 A3 ', 4000) || '"}'
FROM generate_series(0, 99) AS nth;

INSERT INTO events (name, event_type, venue, city, start_time, price_from, prices, seat_plan_hash, first_seat_id, seat_count)
SELECT 'Movie ' || nth % 400, CASE WHEN nth % 2 = 0 THEN 'movie' ELSE 'concert' END, 'Venue ' || nth % 50,
       'City ' || nth % 20, now() + (nth - %(events)s / 5) * interval '1 hour', 1200, '{"standard": 1200}',
       'plan-' || nth % 100, nth * 1000 + 1, 1000
FROM generate_series(0, %(events)s - 1) AS nth;

INSERT INTO seats (id, event_id, seat_number, section, row_label, x, y, category, price, status, version)
SELECT first_seat_id + nth, events.id, nth / 40 || '-' || nth % 40, CASE WHEN nth < 500 THEN 'Stalls' ELSE 'Balcony' END,
       nth / 40, nth % 40, nth / 40, 'standard', 1200, CASE WHEN nth % 3 = 0 THEN 'blocked' ELSE 'available' END, nth % 5
FROM generate_series(0, %(events)s * 1000 - 1) AS place  -- in this order: the seats of an event lie together on the disk
JOIN events ON first_seat_id = place / 1000 * 1000 + 1, LATERAL (SELECT place % 1000 AS nth) AS within;

CREATE INDEX seats_event_id_status_idx ON seats (event_id, status);
CREATE INDEX seats_hold_expiry_idx ON seats (hold_expiry) WHERE status = 'held';
CREATE INDEX seats_held_by_event_id_idx ON seats (held_by, event_id) WHERE held_by IS NOT NULL;
CREATE UNIQUE INDEX seats_booking_id_idx ON seats (booking_id) WHERE booking_id IS NOT NULL;
