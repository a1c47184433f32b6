-- What the database itself refuses and remembers, whoever asks.

-- Every seat change is judged here and written to the ledger, in the same statement. One trigger call per statement, not
-- per row, so that a batch of holds pays for it once.
CREATE FUNCTION guard_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- One instant both judges a hold's end and dates the ledger. So "confirmed before its hold ended" and "taken over
    -- only after it ended" hold exactly in the ledger, not up to the microseconds between two looks at the clock.
    moment CONSTANT timestamptz := clock_timestamp();
    wrong record;
BEGIN
    -- FULL JOIN, although the rows always pair up: it cannot be done by a nested loop, which the planner, who does not
    -- know how many rows a transition table will have, would choose, and which takes n * n steps for n seats.
    SELECT coalesce(o.id, n.id) AS id, o.status AS old_status, n.status AS new_status
    INTO wrong
    FROM old_seats o
    FULL JOIN new_seats n ON n.id = o.id
    LEFT JOIN bookings b ON b.id = n.booking_id AND o.status = 'held'
    WHERE n.id IS NULL
       OR o.id IS NULL
       OR n.event_id <> o.event_id
       OR (
            (n.status, n.hold_id, n.held_by, n.held_since, n.hold_expiry, n.booking_id, n.version)
            IS DISTINCT FROM
            (o.status, o.hold_id, o.held_by, o.held_since, o.hold_expiry, o.booking_id, o.version)
            AND (
                n.version <> o.version + 1
                OR NOT CASE o.status || '>' || n.status
                    WHEN 'available>held' THEN true
                    WHEN 'held>held' THEN
                        CASE WHEN n.hold_id = o.hold_id
                        THEN n.held_by = o.held_by AND n.held_since = o.held_since AND o.hold_expiry > moment
                        ELSE o.hold_expiry <= moment
                        END
                    WHEN 'held>booked' THEN
                        o.hold_expiry > moment
                        AND b.seat_id = n.id AND b.hold_id = o.hold_id AND b.user_id = o.held_by
                    WHEN 'held>available' THEN true
                    WHEN 'booked>available' THEN true
                    WHEN 'available>blocked' THEN true
                    WHEN 'held>blocked' THEN true
                    WHEN 'booked>blocked' THEN true
                    WHEN 'blocked>available' THEN true
                    ELSE false
                END
            )
       )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'seat % may not go from % to %', wrong.id, wrong.old_status, wrong.new_status
            USING ERRCODE = 'check_violation', TABLE = 'seats', CONSTRAINT = 'seats_guard';
    END IF;

    INSERT INTO seat_log
        (seat_id, version, event_id, old_status, new_status, hold_id, hold_expiry, user_id, booking_id, at)
    SELECT n.id, n.version, n.event_id, o.status, n.status,
           coalesce(n.hold_id, o.hold_id), coalesce(n.hold_expiry, o.hold_expiry),
           coalesce(n.held_by, o.held_by), coalesce(n.booking_id, o.booking_id), moment
    FROM new_seats n
    FULL JOIN old_seats o ON o.id = n.id
    WHERE n.version IS DISTINCT FROM o.version;
    RETURN NULL;
END
$$;

CREATE TRIGGER seats_guard AFTER UPDATE ON seats
    REFERENCING OLD TABLE AS old_seats NEW TABLE AS new_seats
    FOR EACH STATEMENT EXECUTE FUNCTION guard_seats();

-- The ledger and the audit log only grow.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER seat_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seat_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Seats of one event have consecutive ids in the order of its plan, so that a seat's place in the plan costs no column
-- and a whole event's statuses can travel as a vector. Returns the first of `wanted` ids that nobody else gets.
CREATE SEQUENCE seat_ids AS bigint;

CREATE FUNCTION allocate_seat_ids(wanted bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
BEGIN
    IF wanted < 1 THEN
        RAISE EXCEPTION 'an event has at least one seat' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock('seat_ids'::regclass::oid::bigint);
    first := nextval('seat_ids');
    PERFORM setval('seat_ids', first + wanted - 1);
    RETURN first;
END
$$;
