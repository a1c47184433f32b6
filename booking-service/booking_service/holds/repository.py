"""The statements that decide about holds: each write locks its seats by id, then names what it expects of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from booking_service.holds.rules import WantedSeat

Rows = list[asyncpg.Record]
Connection = asyncpg.pool.PoolConnectionProxy
Asker = tuple[int, int]
"""(user, event)."""

# Counting what a user holds and then holding more is two steps: without this lock forty parallel requests of one user
# all count the same and all succeed (write skew). Taken before any seat row, in every transaction, sorted (ADR-0002).
_LOCK_LIMITS = """
    SELECT count(pg_advisory_xact_lock(name)) FROM (
        SELECT DISTINCT hashint8extended(user_id, event_id) AS name
        FROM unnest($1::bigint[], $2::bigint[]) AS askers (user_id, event_id)
        ORDER BY name
    ) AS names
"""

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

# Same order in every request, or two overlapping groups deadlock. FOR UPDATE returns the newest committed row, however
# long it had to wait for it. Sale ends when the event starts.
#
# What the askers hold is counted in the same round trip: nobody can add to it, since their limits are locked by an
# earlier statement. Asked asker by asker, so that the planner cannot choose to read whole events.
_LOCK_WANTED = f"""
    WITH wanted AS MATERIALIZED ({_WANTED} FOR UPDATE OF seats)
    SELECT id, seat_number, status, version, held_by, on_sale, NULL::bigint AS event_id, NULL::bigint AS held
    FROM wanted
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, user_id, NULL, event_id, (
        SELECT count(*) FROM seats
        WHERE held_by = user_id AND event_id = askers.event_id AND hold_expiry > clock_timestamp()
    )
    FROM unnest($2::bigint[], $3::bigint[]) AS askers (user_id, event_id)
"""  # noqa: S608 - no value is put into the text

# The decision: its row count is the answer. An ended hold may be taken over at once; no sweep has to come first.
_MARK_HELD = """
    WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now)
    UPDATE seats
    SET status = 'held', hold_id = wanted.hold_id, held_by = wanted.user_id, held_since = moment.now,
        hold_expiry = moment.now + $4, version = version + 1
    FROM moment, unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS wanted (seat_id, hold_id, user_id)
    WHERE id = wanted.seat_id
      AND (status = 'available' OR (status = 'held' AND hold_expiry <= moment.now))
    RETURNING id, event_id, seat_number, version, price, seats.hold_id, held_since, hold_expiry,
              hold_expiry - clock_timestamp() AS remaining
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


async def lock_limits(connection: "Connection[asyncpg.Record]", askers: Collection[Asker]) -> None:
    """Let these users' holds of these events take turns, until the transaction ends."""
    await connection.execute(_LOCK_LIMITS, *_columns(askers))


async def lock_wanted(
    connection: "Connection[asyncpg.Record]", seat_ids: Sequence[int], askers: Collection[Asker]
) -> tuple[dict[int, WantedSeat], dict[Asker, int]]:
    """The wanted seats by id, locked, fewer when some are gone; and how many seats each of `askers` holds.

    The askers' limits must be locked (`lock_limits`).
    """
    seats: dict[int, WantedSeat] = {}
    held: dict[Asker, int] = {}
    for *seat, event_id, count in await connection.fetch(_LOCK_WANTED, seat_ids, *_columns(askers)):
        if count is None:
            seats[seat[0]] = WantedSeat(*seat)
        else:
            held[seat[4], event_id] = count
    return seats, held


async def read_wanted(connection: "Connection[asyncpg.Record]", seat_ids: Sequence[int]) -> dict[int, WantedSeat]:
    """The wanted seats by id, as they are now."""
    return {row["id"]: WantedSeat(*row) for row in await connection.fetch(_WANTED, seat_ids)}


async def mark_held(
    connection: "Connection[asyncpg.Record]", wanted: Collection[tuple[int, UUID, int]], *, duration: timedelta
) -> Rows:
    """Of these (seat, hold, holder), hold those seats that are free; the caller compares the number of rows."""
    return await connection.fetch(
        _MARK_HELD,
        [seat_id for seat_id, _, _ in wanted],
        [hold_id for _, hold_id, _ in wanted],
        [holder for _, _, holder in wanted],
        duration,
    )


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


def _columns(askers: Collection[Asker]) -> tuple[list[int], list[int]]:
    return [user_id for user_id, _ in askers], [event_id for _, event_id in askers]
