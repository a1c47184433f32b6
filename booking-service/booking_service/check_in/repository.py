"""The statements of the door. They lock bookings and no seats, so they wait for a cancellation and never deadlock."""

from datetime import datetime

import asyncpg

Rows = list[asyncpg.Record]
Connection = asyncpg.pool.PoolConnectionProxy

MOST_DOUBLE_ENTRIES = 500
"""The newest of an event are told, so that the answer stays small whatever scanners do."""

# One statement decides, and its row is the answer: of all who show the same ticket at once, one gets it (ADR-0035).
_MARK_ADMITTED = """
    UPDATE bookings
    SET admitted_at = coalesce($3, clock_timestamp()), admitted_gate = $4, admitted_by = $5
    FROM seats
    WHERE bookings.id = $1 AND bookings.event_id = $2 AND bookings.status = 'confirmed'
      AND bookings.admitted_at IS NULL AND seats.id = bookings.seat_id
    RETURNING bookings.id AS booking_id, bookings.event_id, bookings.admitted_at, bookings.admitted_gate,
              bookings.seat_id, seats.seat_number, seats.section, seats.row_label, seats.category
"""

_BOOKING = """
    SELECT bookings.id AS booking_id, bookings.event_id, bookings.status, bookings.admitted_at, bookings.admitted_gate,
           bookings.admitted_by, bookings.seat_id, seats.seat_number, seats.section, seats.row_label, seats.category,
           events.name, events.venue, events.city, events.start_time, events.time_zone
    FROM bookings
    JOIN seats ON seats.id = bookings.seat_id
    JOIN events ON events.id = bookings.event_id
    WHERE bookings.id = $1 AND bookings.event_id = $2
"""
# Whoever will write about the booking keeps it from being deleted meanwhile, and waits for another who does the same.
_LOCK_BOOKING = _BOOKING + " FOR NO KEY UPDATE OF bookings"

# An upload whose answer was lost is sent again, perhaps with another key.
_RECORD_DOUBLE_ENTRY = """
    INSERT INTO double_entries (booking_id, event_id, gate, scanned_at, scanned_by)
    SELECT $1, $2, $3::text, $4::timestamptz, $5
    WHERE NOT EXISTS (
        SELECT FROM double_entries
        WHERE booking_id = $1 AND gate IS NOT DISTINCT FROM $3 AND scanned_at = $4 AND scanned_by = $5
    )
"""

_DOOR = """
    SELECT events.id, events.name, events.start_time, events.time_zone,
           count(bookings.id) AS sold, count(bookings.admitted_at) AS admitted
    FROM events LEFT JOIN bookings ON bookings.event_id = events.id AND bookings.status = 'confirmed'
    WHERE events.id = $1
    GROUP BY events.id
"""
_DOUBLE_ENTRIES = """
    SELECT double_entries.gate, double_entries.scanned_at, bookings.admitted_at, bookings.admitted_gate,
           bookings.seat_id, seats.seat_number, seats.section, seats.row_label, seats.category
    FROM double_entries
    JOIN bookings ON bookings.id = double_entries.booking_id
    JOIN seats ON seats.id = bookings.seat_id
    WHERE double_entries.event_id = $1
    ORDER BY double_entries.recorded_at DESC, double_entries.id DESC
    LIMIT $2
"""

_MOMENT = "SELECT clock_timestamp() FROM events WHERE id = $1"
_TICKETS = """
    SELECT bookings.id AS booking_id, bookings.status, bookings.admitted_at, bookings.admitted_gate,
           seats.seat_number, seats.section, seats.row_label
    FROM bookings JOIN seats ON seats.id = bookings.seat_id
    WHERE bookings.event_id = $1
"""


async def mark_admitted(
    connection: "Connection[asyncpg.Record]",
    *,
    booking_id: int,
    event_id: int,
    at: datetime | None,
    gate: str | None,
    admin: int,
) -> asyncpg.Record | None:
    """Use the ticket, now or (as was told) `at`; `None` when it is used or cancelled, or there is no such booking."""
    return await connection.fetchrow(_MARK_ADMITTED, booking_id, event_id, at, gate, admin)


async def booking(
    connection: "Connection[asyncpg.Record]", *, booking_id: int, event_id: int, lock: bool
) -> asyncpg.Record | None:
    """The booking with its event and seat; `lock`: it stays as it is until the end of the transaction."""
    return await connection.fetchrow(_LOCK_BOOKING if lock else _BOOKING, booking_id, event_id)


async def record_double_entry(
    connection: "Connection[asyncpg.Record]",
    *,
    booking_id: int,
    event_id: int,
    gate: str | None,
    scanned_at: datetime,
    admin: int,
) -> None:
    """Remember that one too many was let in, once for each time. Needs the booking locked."""
    await connection.execute(_RECORD_DOUBLE_ENTRY, booking_id, event_id, gate, scanned_at, admin)


async def door(
    connection: "Connection[asyncpg.Record]", event_id: int
) -> tuple[asyncpg.Record, Rows] | tuple[None, None]:
    """The event with its numbers, and its double entries, the newest first; nothing when there is no such event."""
    event = await connection.fetchrow(_DOOR, event_id)
    if event is None:
        return None, None
    return event, await connection.fetch(_DOUBLE_ENTRIES, event_id, MOST_DOUBLE_ENTRIES)


async def tickets(connection: "Connection[asyncpg.Record]", event_id: int) -> tuple[datetime, Rows] | tuple[None, None]:
    """All bookings of the event that there ever were, as they are at a moment or later; nothing without the event."""
    as_of: datetime | None = await connection.fetchval(_MOMENT, event_id)
    if as_of is None:
        return None, None
    return as_of, await connection.fetch(_TICKETS, event_id)
