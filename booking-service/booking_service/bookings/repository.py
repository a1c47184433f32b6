"""The statements that decide about bookings. Seat rows are always locked before booking rows."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import asyncpg

Rows = list[asyncpg.Record]
Connection = asyncpg.pool.PoolConnectionProxy

# Orders, bookings and seats in one statement. The seats must still be these users' live holds; the caller compares
# the number of rows with the number that it locked.
_CONFIRM = """
    WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now),
    mine AS MATERIALIZED (
        SELECT holds.user_id, holds.hold_id, holds.order_id, seats.id, seats.event_id, seats.price, events.currency,
               moment.now
        FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS holds (user_id, hold_id, order_id)
        JOIN seats ON seats.held_by = holds.user_id AND seats.hold_id = holds.hold_id AND seats.status = 'held'
        JOIN events ON events.id = seats.event_id
        CROSS JOIN moment
        WHERE seats.hold_expiry > moment.now
    ),
    new_orders AS (
        INSERT INTO orders (id, hold_id, user_id, event_id, total, currency, created_at)
        SELECT order_id, hold_id, user_id, event_id, sum(price), currency, now FROM mine
        GROUP BY order_id, hold_id, user_id, event_id, currency, now
        RETURNING id
    ),
    new_bookings AS (
        INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency, created_at)
        SELECT new_orders.id, mine.user_id, mine.event_id, mine.id, mine.hold_id, mine.price, mine.currency, mine.now
        FROM mine JOIN new_orders ON new_orders.id = mine.order_id ORDER BY mine.id
        RETURNING id, order_id, user_id, hold_id, seat_id, price, currency, created_at
    )
    UPDATE seats
    SET status = 'booked', booking_id = new_bookings.id, hold_id = NULL, held_by = NULL, held_since = NULL,
        hold_expiry = NULL, version = seats.version + 1
    FROM new_bookings
    WHERE seats.id = new_bookings.seat_id AND seats.held_by = new_bookings.user_id
      AND seats.hold_id = new_bookings.hold_id AND seats.status = 'held'
    RETURNING seats.id, seats.event_id, seats.seat_number, seats.version, new_bookings.id AS booking_id,
              new_bookings.order_id, new_bookings.user_id, new_bookings.hold_id, new_bookings.price,
              new_bookings.currency, new_bookings.created_at
"""

_ORDER_OF_HOLD = """
    SELECT orders.id AS order_id, orders.event_id, orders.total, orders.currency, bookings.id AS booking_id,
           bookings.seat_id AS id, seats.seat_number, bookings.status, bookings.price, bookings.created_at
    FROM orders
    JOIN bookings ON bookings.order_id = orders.id
    JOIN seats ON seats.id = bookings.seat_id
    WHERE orders.hold_id = $2 AND orders.user_id = $1
    ORDER BY bookings.seat_id
"""

# One query for a whole page, events and seats included.
_SELECT_BOOKINGS = """
    SELECT bookings.id, bookings.order_id, bookings.status, bookings.price, bookings.currency, bookings.created_at,
           bookings.cancelled_at, bookings.admitted_at, bookings.admitted_gate, bookings.event_id, bookings.seat_id,
           events.name, events.event_type, events.venue, events.city, events.start_time,
           events.time_zone, events.image_url,
           seats.seat_number, seats.section, seats.row_label, seats.category
    FROM bookings
    JOIN events ON events.id = bookings.event_id
    JOIN seats ON seats.id = bookings.seat_id
"""

_PAGE = (
    _SELECT_BOOKINGS
    + """
    WHERE bookings.user_id = $1
      AND ($2::timestamptz IS NULL OR (bookings.created_at, bookings.id) < ($2, $3))
      AND ($5::uuid IS NULL OR bookings.order_id = $5)
    ORDER BY bookings.created_at DESC, bookings.id DESC
    LIMIT $4
"""
)

_ONE = _SELECT_BOOKINGS + " WHERE bookings.id = $1 AND bookings.user_id = $2"

_SEAT_OF_BOOKING = "SELECT seat_id FROM bookings WHERE id = $1 AND user_id = $2"
_LOCK_SEAT = "SELECT id FROM seats WHERE id = $1 FOR UPDATE"

# Not what has been used: whoever sits on the seat has had what they paid for.
_MARK_CANCELLED = """
    UPDATE bookings SET status = 'cancelled', cancelled_at = clock_timestamp()
    WHERE id = $1 AND user_id = $2 AND status = 'confirmed' AND admitted_at IS NULL
    RETURNING id
"""

# Names the booking: a late cancel cannot free a seat that somebody else has bought since.
_FREE_SEAT = """
    UPDATE seats SET status = 'available', booking_id = NULL, version = version + 1
    WHERE id = $1 AND booking_id = $2 AND status = 'booked'
    RETURNING id, event_id, version
"""


async def confirm(connection: "Connection[asyncpg.Record]", holds: Collection[tuple[int, UUID, UUID]]) -> Rows:
    """Turn those of these holds (user, hold, new order's id) that are live into orders and bookings."""
    return await connection.fetch(
        _CONFIRM,
        [user_id for user_id, _, _ in holds],
        [hold_id for _, hold_id, _ in holds],
        [order_id for _, _, order_id in holds],
    )


async def order_of_hold(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> Rows:
    """The bookings that the user's hold became, if it was confirmed."""
    return await connection.fetch(_ORDER_OF_HOLD, user_id, hold_id)


async def page(
    pool: "asyncpg.Pool[asyncpg.Record]",
    *,
    user_id: int,
    before: datetime | None,
    before_id: int | None,
    limit: int,
    order_id: UUID | None,
) -> Rows:
    """Bookings of the user, newest first, older than (`before`, `before_id`); of one order only if that is given."""
    return await pool.fetch(_PAGE, user_id, before, before_id, limit, order_id)


async def one(
    connection: "Connection[asyncpg.Record] | asyncpg.Pool[asyncpg.Record]", *, user_id: int, booking_id: int
) -> asyncpg.Record | None:
    """The user's booking with its event and seat."""
    return await connection.fetchrow(_ONE, booking_id, user_id)


async def lock_seat_of(connection: "Connection[asyncpg.Record]", *, user_id: int, booking_id: int) -> int | None:
    """Lock the seat of the user's booking and return its id; `None`: there is no such booking."""
    seat_id: int | None = await connection.fetchval(_SEAT_OF_BOOKING, booking_id, user_id)
    if seat_id is not None:
        await connection.execute(_LOCK_SEAT, seat_id)
    return seat_id


async def mark_cancelled(connection: "Connection[asyncpg.Record]", *, user_id: int, booking_id: int) -> bool:
    """Cancel the booking; false when it was cancelled before, or its ticket has been used."""
    return await connection.fetchval(_MARK_CANCELLED, booking_id, user_id) is not None


async def free_seat(connection: "Connection[asyncpg.Record]", *, seat_id: int, booking_id: int) -> Rows:
    """Put the seat of the booking back on sale, if that booking still has it."""
    return await connection.fetch(_FREE_SEAT, seat_id, booking_id)
