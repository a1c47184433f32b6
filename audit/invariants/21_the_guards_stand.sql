-- The constraints, unique indexes, triggers and functions that refuse wrong changes are all there, as the migrations
-- made them, switched on and valid.
-- Means: what the database would refuse, it may now accept; whatever was written meanwhile was not judged. `problem`
-- says what is wrong with which guard; `changed` may also mean that this auditor is of another version than the
-- database.
-- Do: restore it: `ALTER TABLE … ENABLE TRIGGER …`, `REINDEX INDEX …`, or the statement in shared/migrations/versions.
-- If it cannot be restored because of rows that break it, other findings name those rows.
WITH expected (of, guard, definition) AS (VALUES
    ('audit_log', 'audit_log_pkey', 'PRIMARY KEY (id)'),
    ('audit_log', 'audit_log_is_append_only',
     'CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log '
     'FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()'),
    ('bookings', 'bookings_pkey', 'PRIMARY KEY (id)'),
    ('bookings', 'one_live_booking_per_seat',
     'CREATE UNIQUE INDEX one_live_booking_per_seat ON public.bookings USING btree (seat_id) '
     'WHERE (status = ''confirmed''::text)'),
    ('bookings', 'bookings_hold_id_seat_id_key', 'UNIQUE (hold_id, seat_id)'),
    ('bookings', 'bookings_status_check',
     'CHECK ((status = ANY (ARRAY[''confirmed''::text, ''cancelled''::text])))'),
    ('bookings', 'bookings_cancelled_at_check',
     'CHECK (((status = ''cancelled''::text) = (cancelled_at IS NOT NULL)))'),
    ('bookings', 'bookings_admitted_check',
     'CHECK (((num_nonnulls(admitted_at, admitted_gate, admitted_by) = 0) OR '
     '((status = ''confirmed''::text) AND (num_nonnulls(admitted_at, admitted_by) = 2))))'),
    ('bookings', 'bookings_admitted_gate_check',
     'CHECK (((char_length(admitted_gate) >= 1) AND (char_length(admitted_gate) <= 40)))'),
    ('bookings', 'bookings_admitted_by_fkey', 'FOREIGN KEY (admitted_by) REFERENCES users(id) ON DELETE RESTRICT'),
    ('bookings', 'bookings_event_id_seat_id_fkey',
     'FOREIGN KEY (event_id, seat_id) REFERENCES seats(event_id, id) ON DELETE RESTRICT'),
    ('bookings', 'bookings_order_id_fkey', 'FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE RESTRICT'),
    ('bookings', 'bookings_user_id_fkey', 'FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT'),
    ('double_entries', 'double_entries_pkey', 'PRIMARY KEY (id)'),
    ('double_entries', 'double_entries_gate_check',
     'CHECK (((char_length(gate) >= 1) AND (char_length(gate) <= 40)))'),
    ('double_entries', 'double_entries_booking_id_fkey',
     'FOREIGN KEY (booking_id) REFERENCES bookings(id) ON DELETE RESTRICT'),
    ('double_entries', 'double_entries_event_id_fkey',
     'FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE RESTRICT'),
    ('double_entries', 'double_entries_scanned_by_fkey',
     'FOREIGN KEY (scanned_by) REFERENCES users(id) ON DELETE RESTRICT'),
    ('events', 'events_pkey', 'PRIMARY KEY (id)'),
    ('events', 'events_first_seat_id_idx',
     'CREATE UNIQUE INDEX events_first_seat_id_idx ON public.events USING btree (first_seat_id)'),
    ('events', 'events_status_check', 'CHECK ((status = ANY (ARRAY[''on_sale''::text, ''closed''::text])))'),
    ('events', 'events_currency_check', 'CHECK ((currency ~ ''^[A-Z]{3}$''::text))'),
    ('events', 'events_price_from_check', 'CHECK ((price_from >= 0))'),
    ('events', 'events_seat_plan_hash_fkey',
     'FOREIGN KEY (seat_plan_hash) REFERENCES seat_plans(hash) ON DELETE RESTRICT'),
    ('idempotency_keys', 'idempotency_keys_pkey', 'PRIMARY KEY (user_id, key)'),
    ('idempotency_keys', 'idempotency_keys_user_id_fkey',
     'FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE'),
    ('orders', 'orders_pkey', 'PRIMARY KEY (id)'),
    ('orders', 'orders_hold_id_key', 'UNIQUE (hold_id)'),
    ('orders', 'orders_event_id_fkey', 'FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE RESTRICT'),
    ('orders', 'orders_user_id_fkey', 'FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT'),
    ('seat_log', 'seat_log_pkey', 'PRIMARY KEY (seat_id, version)'),
    ('seat_log', 'seat_log_is_append_only',
     'CREATE TRIGGER seat_log_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.seat_log '
     'FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()'),
    ('seats', 'seats_pkey', 'PRIMARY KEY (id)'),
    ('seats', 'seats_event_id_id_key', 'UNIQUE (event_id, id)'),
    ('seats', 'seats_event_id_seat_number_key', 'UNIQUE (event_id, seat_number)'),
    ('seats', 'seats_booking_id_idx',
     'CREATE UNIQUE INDEX seats_booking_id_idx ON public.seats USING btree (booking_id) '
     'WHERE (booking_id IS NOT NULL)'),
    ('seats', 'seats_status_check',
     'CHECK ((status = ANY (ARRAY[''available''::text, ''held''::text, ''booked''::text, ''blocked''::text])))'),
    ('seats', 'seats_price_check', 'CHECK ((price >= 0))'),
    ('seats', 'seats_shape_check',
     'CHECK ((((status = ''available''::text) AND '
     '(num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0)) OR '
     '((status = ''held''::text) AND (num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 4) AND '
     '(booking_id IS NULL)) OR '
     '((status = ''booked''::text) AND (num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 0) AND '
     '(booking_id IS NOT NULL)) OR '
     '((status = ''blocked''::text) AND '
     '(num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0))))'),
    ('seats', 'seats_booking_id_fkey', 'FOREIGN KEY (booking_id) REFERENCES bookings(id) ON DELETE RESTRICT'),
    ('seats', 'seats_event_id_fkey', 'FOREIGN KEY (event_id) REFERENCES events(id) ON DELETE RESTRICT'),
    ('seats', 'seats_held_by_fkey', 'FOREIGN KEY (held_by) REFERENCES users(id) ON DELETE RESTRICT'),
    ('seats', 'seats_guard',
     'CREATE TRIGGER seats_guard AFTER UPDATE ON public.seats '
     'REFERENCING OLD TABLE AS old_seats NEW TABLE AS new_seats FOR EACH STATEMENT EXECUTE FUNCTION guard_seats()'),
    ('users', 'users_pkey', 'PRIMARY KEY (id)'),
    ('users', 'users_email_key', 'UNIQUE (email)'),
    ('users', 'users_email_is_lower_case_check', 'CHECK ((email = lower(email)))'),
    ('users', 'users_role_check', 'CHECK ((role = ANY (ARRAY[''user''::text, ''admin''::text])))'),
    -- Functions by the SHA-256 of their source.
    ('function', 'guard_seats', 'df19e81cc7d4e1ca503dd02b13f7a612c3a22f2f6e1d70e2486e107ff95cd428'),
    ('function', 'refuse_rewriting', '75dd039fe720707d32e9866b57e5ece824e7527ed77cefa0523f2d28f848ef47'),
    ('function', 'allocate_seat_ids', 'e859fbd7df0e5dd184dea1b321bf7f31b7ef85ed0fd69f9e88ec0960c50e6e9c')
),
-- A definition that PostgreSQL gives of a constraint says NOT VALID or NOT ENFORCED where that is so.
actual (of, guard, definition, in_force) AS (
    SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), true
    FROM pg_constraint
    WHERE contype IN ('c', 'f', 'p', 'u')
    UNION ALL
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), true
    FROM pg_index
    WHERE indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
    UNION ALL
    SELECT tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid), tgenabled IN ('O', 'A')
    FROM pg_trigger
    WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', proname::text, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'), true
    FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
)
SELECT expected.of, expected.guard,
       CASE WHEN actual.guard IS NULL THEN 'missing' WHEN NOT actual.in_force THEN 'switched off' ELSE 'changed' END
           AS problem,
       actual.definition AS definition_now
FROM expected
LEFT JOIN actual USING (of, guard)
WHERE (actual.in_force AND actual.definition = expected.definition) IS NOT TRUE
UNION ALL
-- A foreign key lives in triggers of its own, which ALTER TABLE … DISABLE TRIGGER ALL switches off.
SELECT DISTINCT tgrelid::regclass::text, conname::text, 'switched off', pg_get_constraintdef(pg_constraint.oid)
FROM pg_trigger JOIN pg_constraint ON pg_constraint.oid = tgconstraint
WHERE tgisinternal AND tgenabled NOT IN ('O', 'A') AND tgrelid::regclass::text IN (SELECT of FROM expected)
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, 'invalid', pg_get_indexdef(indexrelid)
FROM pg_index
WHERE NOT (indisvalid AND indisready) AND indrelid::regclass::text IN (SELECT of FROM expected)
ORDER BY 1, 2;
