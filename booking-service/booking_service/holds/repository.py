"""The statements that decide about holds: each write locks its seats by id, then names what it expects of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from booking_service.holds.rules import WantedSeat
from booking_service.holds.taking import LOCK_LIMITS

Rows = list[asyncpg.Record]
Connection = asyncpg.pool.PoolConnectionProxy

_WANTED = """
    SELECT seats.id, seats.seat_number,
           CASE WHEN seats.status = 'held' AND seats.hold_expiry <= clock_timestamp()
                THEN 'available' ELSE seats.status END AS status,
           seats.version, seats.held_by,
           events.status = 'on_sale' AND events.start_time > clock_timestamp() AS on_sale
    FROM seats JOIN events ON events.id = seats.event_id
    WHERE seats.id = ANY($1::bigint[])
    ORDER BY seats.id
"""

_EVENT_OF_HOLD = "SELECT event_id FROM seats WHERE held_by = $1 AND hold_id = $2 LIMIT 1"

_LOCK_HOLDS = """
    SELECT id, event_id, seat_number, version, price, held_by AS user_id, seats.hold_id, held_since, hold_expiry,
           clock_timestamp() AS now, hold_expiry > clock_timestamp() AS is_live
    FROM unnest($1::bigint[], $2::uuid[]) AS holds (user_id, hold_id)
    JOIN seats ON held_by = holds.user_id AND seats.hold_id = holds.hold_id AND status = 'held'
    ORDER BY id
    FOR UPDATE OF seats
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


async def lock_limit(connection: "Connection[asyncpg.Record]", *, user_id: int, event_id: int) -> None:
    """Let this user's holds of the event take turns, until the transaction ends."""
    await connection.execute(LOCK_LIMITS, [user_id], [event_id])


async def read_wanted(connection: "Connection[asyncpg.Record]", seat_ids: Sequence[int]) -> dict[int, WantedSeat]:
    """The wanted seats by id, as they are now."""
    return {row["id"]: WantedSeat(*row) for row in await connection.fetch(_WANTED, seat_ids)}


async def event_of_hold(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> int | None:
    """The event whose seats are under this user's hold; `None`: there is nothing held."""
    event_id: int | None = await connection.fetchval(_EVENT_OF_HOLD, user_id, hold_id)
    return event_id


async def lock_hold(connection: "Connection[asyncpg.Record]", *, user_id: int, hold_id: UUID) -> Rows:
    """The seats that are under this user's hold, locked; live or ended (`is_live`). None: there is nothing held."""
    return await lock_holds(connection, [(user_id, hold_id)])


async def lock_holds(connection: "Connection[asyncpg.Record]", holds: Collection[tuple[int, UUID]]) -> Rows:
    """The seats under these holds (user, hold), as `lock_hold`."""
    return await connection.fetch(_LOCK_HOLDS, [user_id for user_id, _ in holds], [hold_id for _, hold_id in holds])


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
