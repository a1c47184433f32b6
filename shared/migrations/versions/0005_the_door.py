"""Tickets are used at the door: when and where a booking's was, and what two doors let in that only one should have."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty columns rewrite no rows; buyers wait while the checks read `bookings` once, a second for some millions."""
    op.execute("""
        ALTER TABLE bookings
            ADD COLUMN admitted_at timestamptz,
            ADD COLUMN admitted_gate text,
            ADD COLUMN admitted_by bigint,
            ADD CONSTRAINT bookings_admitted_check CHECK (
                num_nonnulls(admitted_at, admitted_gate, admitted_by) = 0
             OR (status = 'confirmed' AND num_nonnulls(admitted_at, admitted_by) = 2)
            ),
            ADD CONSTRAINT bookings_admitted_gate_check CHECK (char_length(admitted_gate) BETWEEN 1 AND 40),
            ADD CONSTRAINT bookings_admitted_by_fkey FOREIGN KEY (admitted_by) REFERENCES users (id) ON DELETE RESTRICT
    """)
    op.execute("""
        CREATE TABLE double_entries (
            id bigint GENERATED ALWAYS AS IDENTITY,
            booking_id bigint NOT NULL,
            event_id bigint NOT NULL,
            gate text,
            scanned_at timestamptz NOT NULL,
            scanned_by bigint NOT NULL,
            recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
            CONSTRAINT double_entries_pkey PRIMARY KEY (id),
            CONSTRAINT double_entries_gate_check CHECK (char_length(gate) BETWEEN 1 AND 40),
            CONSTRAINT double_entries_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES bookings (id)
                ON DELETE RESTRICT,
            CONSTRAINT double_entries_event_id_fkey FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE RESTRICT,
            CONSTRAINT double_entries_scanned_by_fkey FOREIGN KEY (scanned_by) REFERENCES users (id) ON DELETE RESTRICT
        )
    """)
    op.execute("CREATE INDEX double_entries_event_id_recorded_at_idx ON double_entries (event_id, recorded_at)")
    op.execute("CREATE INDEX double_entries_booking_id_idx ON double_entries (booking_id)")


def downgrade() -> None:
    """There is no way back in place."""
    raise NotImplementedError("Migrations only go forward: restore a backup instead.")
