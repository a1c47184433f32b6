"""The statements that decide about holds: each write locks its seats by id, then names what it expects of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

Rows = list[asyncpg.Record]
Connection = asyncpg.pool.PoolConnectionProxy

# Counting what a user holds and then holding more is two steps: without this lock forty parallel requests of one user
# all count the same and all succeed (write skew). Taken before any seat row, in every transaction (ADR-0002).
_LOCK_LIMIT = "SELECT pg_advisory_xact_lock(hashint8extended($1::bigint, $2::bigint))"

_COUNT_HELD = """
    SELECT count(*) FROM seats
    WHERE held_by = $1 AND event_id = $2 AND status = 'held' AND hold_expiry > clock_timestamp()
"""

# Same order in every request, or two overlapping groups deadlock. FOR UPDATE returns the newest committed row, however
# long it had to wait for it. Sale ends when the event starts.
_LOCK_WANTED = """
    SELECT seats.id, seats.seat_number, seats.version, seats.held_by,
           CASE WHEN seats.status = 'held' AND seats.hold_expiry <= clock_timestamp()
                THEN 'available' ELSE seats.status END AS status,
           seats.status = 'available' OR (seats.status = 'held' AND seats.hold_expiry <= clock_timestamp()) AS is_free,
           events.status = 'on_sale' AND events.start_time > clock_timestamp() AS on_sale
    FROM seats JOIN events ON events.id = seats.event_id
    WHERE seats.id = ANY($1::bigint[])
    ORDER BY seats.id
    FOR UPDATE OF seats
"""

_READ_WANTED = _LOCK_WANTED.replace("FOR UPDATE OF seats", "")

# The decision: its row count is the answer. An ended hold may be taken over at once; no sweep has to come first.
_MARK_HELD = """
    WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now)
    UPDATE seats
    SET status = 'held', hold_id = $2, held_by = $3, held_since = moment.now, hold_expiry = moment.now + $4,
        version = version + 1
    FROM moment
    WHERE id = ANY($1::bigint[])
      AND (status = 'available' OR (status = 'held' AND hold_expiry <= moment.now))
    RETURNING id, event_id, seat_number, version, price, hold_id, held_since, hold_expiry,
              hold_expiry - clock_timestamp() AS remaining
"""

_EVENT_OF_HOLD = "SELECT event_id FROM seats WHERE held_by = $1 AND hold_id = $2 LIMIT 1"

_LOCK_HOLD = """
    SELECT id, event_id, seat_number, version, price, hold_id, held_since, hold_expiry,
           clock_timestamp() AS now, hold_expiry > clock_timestamp() AS is_live
    FROM seats
    WHERE held_by = $1 AND hold_id = $2 AND status = 'held'
    ORDER BY id
    FOR UPDATE
"""

_MARK_AVAILABLE = """
    UPDATE seats
    SET status = 'available', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL,
        version = version + 1
    WHERE held_by = $1 AND hold_id = $2 AND status = 'held'
    RETURNING id, event_id, version
"""

_MARK_EXTENDED = """
    UPDATE seats SET hold_expiry = $3, version = version + 1
    WHERE held_by = $1 AND hold_id = $2 AND status = 'held' AND hold_expiry > clock_timestamp()
    RETURNING id, event_id, seat_number, version, price, hold_id, held_since, hold_expiry,
              hold_expiry - clock_timestamp() AS remaining,
              (SELECT currency FROM events WHERE events.id = seats.event_id) AS currency
"""

_LIVE_HOLDS = """
    SELECT seats.id, seats.event_id, seats.seat_number, seats.version, seats.price, seats.hold_id, seats.held_since,
           seats.hold_expiry, seats.hold_expiry - clock_timestamp() AS remaining, events.currency
    FROM seats JOIN events ON events.id = seats.event_id
    WHERE seats.held_by = $1 AND seats.status = 'held' AND seats.hold_expiry > clock_timestamp()
    ORDER BY seats.held_since, seats.hold_id, seats.id
"""

_ENDED_AS = """
    SELECT EXISTS (SELECT FROM orders WHERE hold_id = $2 AND user_id = $1) AS confirmed,
           EXISTS (SELECT FROM seat_log WHERE hold_id = $2 AND user_id = $1 AND new_status = 'held') AS existed
"""

_LATEST_HOLD_OF_SEAT = """
    SELECT hold_id FROM seat_log
    WHERE seat_id = $2 AND user_id = $1 AND new_status = 'held'
    ORDER BY version DESC LIMIT 1
"""


async def lock_limit(connection: "Connection[asyncpg.Record]", *, event_id: int, user_id: int) -> None:
    """Let this user's holds of this event take turns, until the transaction ends."""
    await connection.execute(_LOCK_LIMIT, user_id, event_id)


async def count_held(connection: "Connection[asyncpg.Record]", *, event_id: int, user_id: int) -> int:
    """Seats that the user holds in the event, now."""
    count: int = await connection.fetchval(_COUNT_HELD, user_id, event_id)
    return count


async def lock_wanted(connection: "Connection[asyncpg.Record]", seat_ids: Sequence[int]) -> Rows:
    """The wanted seats, locked; fewer when some are gone."""
    return await connection.fetch(_LOCK_WANTED, seat_ids)


async def read_wanted(pool: "asyncpg.Pool[asyncpg.Record]", seat_ids: Sequence[int]) -> Rows:
    """The wanted seats, as they are now."""
    return await pool.fetch(_READ_WANTED, seat_ids)


async def mark_held(
    connection: "Connection[asyncpg.Record]",
    seat_ids: Sequence[int],
    *,
    hold_id: UUID,
    user_id: int,
    duration: timedelta,
) -> Rows:
    """Hold those of `seat_ids` that are free; the caller compares the number of rows with what was wanted."""
    return await connection.fetch(_MARK_HELD, seat_ids, hold_id, user_id, duration)


async def event_of_hold(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> int | None:
    """The event whose seats are under this user's hold; `None`: there is nothing held."""
    event_id: int | None = await connection.fetchval(_EVENT_OF_HOLD, user_id, hold_id)
    return event_id


async def lock_hold(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> Rows:
    """The seats that are under this user's hold, locked; live or ended (`is_live`). None: there is nothing held."""
    return await connection.fetch(_LOCK_HOLD, user_id, hold_id)


async def mark_available(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> Rows:
    """Free the seats of the hold."""
    return await connection.fetch(_MARK_AVAILABLE, user_id, hold_id)


async def mark_extended(
    connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID, end: datetime
) -> Rows:
    """Move the end of the hold, if it is still live."""
    return await connection.fetch(_MARK_EXTENDED, user_id, hold_id, end)


async def live_holds(pool: "asyncpg.Pool[asyncpg.Record]", *, user_id: int) -> Rows:
    """The seats of all live holds of the user; those of one hold together."""
    return await pool.fetch(_LIVE_HOLDS, user_id)


async def what_became_of(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> tuple[bool, bool]:
    """Of a hold that holds nothing (any more): (was it confirmed?, did this user ever have it?)."""
    row = await connection.fetchrow(_ENDED_AS, user_id, hold_id)
    return (row["confirmed"], row["existed"]) if row else (False, False)


async def latest_hold_of_seat(connection: "Connection[asyncpg.Record]", *, user_id: int, seat_id: int) -> UUID | None:
    """The last hold that this user had on the seat, live or not; the ledger knows."""
    hold_id: UUID | None = await connection.fetchval(_LATEST_HOLD_OF_SEAT, user_id, seat_id)
    return hold_id
