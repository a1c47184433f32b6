-- The tables. Each is described in shared/models.

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    password_hash text NOT NULL,
    name text DEFAULT '' NOT NULL,
    role text DEFAULT 'user' NOT NULL,
    token_epoch bigint DEFAULT '0' NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_role_check CHECK (role IN ('user', 'admin')),
    CONSTRAINT users_email_is_lower_case_check CHECK (email = lower(email)),
    CONSTRAINT users_email_key UNIQUE (email)
);

CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    actor_id bigint,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text NOT NULL,
    detail jsonb DEFAULT '{}' NOT NULL,
    request_id text DEFAULT '' NOT NULL,
    CONSTRAINT audit_log_pkey PRIMARY KEY (id)
);

CREATE TABLE seat_plans (
    hash text NOT NULL,
    document text NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT seat_plans_pkey PRIMARY KEY (hash)
);

CREATE TABLE seat_log (
    seat_id bigint NOT NULL,
    version bigint NOT NULL,
    event_id bigint NOT NULL,
    old_status text NOT NULL,
    new_status text NOT NULL,
    hold_id uuid,
    hold_expiry timestamptz,
    user_id bigint,
    booking_id bigint,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT seat_log_pkey PRIMARY KEY (seat_id, version)
);

CREATE INDEX seat_log_xid_idx ON seat_log (xid);

CREATE INDEX seat_log_hold_id_idx ON seat_log (hold_id) WHERE new_status = 'held';

CREATE TABLE sessions (
    id uuid NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX sessions_user_id_idx ON sessions (user_id);

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    event_type text NOT NULL,
    venue text NOT NULL,
    city text NOT NULL,
    description text DEFAULT '' NOT NULL,
    start_time timestamptz NOT NULL,
    image_url text,
    status text DEFAULT 'on_sale' NOT NULL,
    currency CHAR(3) DEFAULT 'EUR' NOT NULL,
    price_from bigint NOT NULL,
    prices jsonb DEFAULT '{}' NOT NULL,
    seat_plan_hash text NOT NULL,
    first_seat_id bigint NOT NULL,
    seat_count bigint NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_status_check CHECK (status IN ('on_sale', 'closed')),
    CONSTRAINT events_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT events_price_from_check CHECK (price_from >= 0),
    CONSTRAINT events_seat_plan_hash_fkey FOREIGN KEY(seat_plan_hash) REFERENCES seat_plans (hash) ON DELETE RESTRICT
);

CREATE INDEX events_start_time_idx ON events (start_time);

CREATE INDEX events_name_idx ON events (name, start_time);

CREATE UNIQUE INDEX events_first_seat_id_idx ON events (first_seat_id);

CREATE TABLE idempotency_keys (
    user_id bigint NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status bigint,
    body text,
    replays bigint DEFAULT '0' NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key),
    CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

CREATE TABLE refresh_tokens (
    token_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);

CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

CREATE TABLE orders (
    id uuid NOT NULL,
    hold_id uuid NOT NULL,
    user_id bigint NOT NULL,
    event_id bigint NOT NULL,
    total bigint NOT NULL,
    currency CHAR(3) NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_hold_id_key UNIQUE (hold_id),
    CONSTRAINT orders_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT orders_event_id_fkey FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE RESTRICT
);

CREATE INDEX orders_event_id_idx ON orders (event_id);

CREATE TABLE seats (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    seat_number text NOT NULL,
    section text NOT NULL,
    row_label text NOT NULL,
    x double precision NOT NULL,
    y double precision NOT NULL,
    category text NOT NULL,
    price bigint NOT NULL,
    status text DEFAULT 'available' NOT NULL,
    hold_id uuid,
    held_by bigint,
    held_since timestamptz,
    hold_expiry timestamptz,
    booking_id bigint,
    version bigint DEFAULT '0' NOT NULL,
    CONSTRAINT seats_pkey PRIMARY KEY (id),
    CONSTRAINT seats_event_id_seat_number_key UNIQUE (event_id, seat_number),
    CONSTRAINT seats_event_id_id_key UNIQUE (event_id, id),
    CONSTRAINT seats_status_check CHECK (status IN ('available', 'held', 'booked', 'blocked')),
    CONSTRAINT seats_shape_check CHECK (
    (status = 'available' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0)
 OR (status = 'held' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 4 AND booking_id IS NULL)
 OR (status = 'booked' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 0 AND booking_id IS NOT NULL)
 OR (status = 'blocked' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0)
),
    CONSTRAINT seats_price_check CHECK (price >= 0),
    CONSTRAINT seats_event_id_fkey FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE RESTRICT,
    CONSTRAINT seats_held_by_fkey FOREIGN KEY(held_by) REFERENCES users (id) ON DELETE RESTRICT
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX seats_booking_id_idx ON seats (booking_id) WHERE booking_id IS NOT NULL;

CREATE INDEX seats_event_id_status_idx ON seats (event_id, status);

CREATE INDEX seats_held_by_idx ON seats (held_by) WHERE held_by IS NOT NULL;

CREATE INDEX seats_hold_expiry_idx ON seats (hold_expiry) WHERE status = 'held';

CREATE TABLE bookings (
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id uuid NOT NULL,
    user_id bigint NOT NULL,
    event_id bigint NOT NULL,
    seat_id bigint NOT NULL,
    hold_id uuid NOT NULL,
    status text DEFAULT 'confirmed' NOT NULL,
    price bigint NOT NULL,
    currency CHAR(3) NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    cancelled_at timestamptz,
    CONSTRAINT bookings_pkey PRIMARY KEY (id),
    CONSTRAINT bookings_event_id_seat_id_fkey FOREIGN KEY(event_id, seat_id) REFERENCES seats (event_id, id) ON DELETE RESTRICT,
    CONSTRAINT bookings_hold_id_seat_id_key UNIQUE (hold_id, seat_id),
    CONSTRAINT bookings_status_check CHECK (status IN ('confirmed', 'cancelled')),
    CONSTRAINT bookings_cancelled_at_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT bookings_order_id_fkey FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE RESTRICT,
    CONSTRAINT bookings_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE UNIQUE INDEX one_live_booking_per_seat ON bookings (seat_id) WHERE status = 'confirmed';

CREATE INDEX bookings_order_id_idx ON bookings (order_id);

CREATE INDEX bookings_user_id_created_at_idx ON bookings (user_id, created_at);

CREATE INDEX bookings_event_id_seat_id_idx ON bookings (event_id, seat_id);

ALTER TABLE seats ADD CONSTRAINT seats_booking_id_fkey FOREIGN KEY(booking_id) REFERENCES bookings (id) ON DELETE RESTRICT;
