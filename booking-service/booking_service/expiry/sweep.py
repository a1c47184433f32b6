"""Sweeping: one batch of ended holds becomes available seats, in one statement and so in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from shared.contracts.live_messages import SeatChange, SeatChanges

# SKIP LOCKED: several instances sweep at once and share the work, and nobody waits for a buyer who is taking an ended
# hold over right now. The UPDATE repeats the condition, because a row may have changed before it was locked. One look
# at the clock, before any row is locked: judged by an earlier instant nothing ends too soon, and the index is of use.
SWEEP = """
    WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now),
    ended AS (
        SELECT id FROM seats
        WHERE status = 'held' AND hold_expiry <= (SELECT now FROM moment)
        ORDER BY hold_expiry
        LIMIT $1
        FOR UPDATE SKIP LOCKED
    )
    UPDATE seats
    SET status = 'available', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL,
        version = version + 1
    FROM ended
    WHERE seats.id = ended.id AND seats.status = 'held' AND seats.hold_expiry <= (SELECT now FROM moment)
    RETURNING seats.event_id, seats.id, seats.version
"""

NEXT_END = """
    SELECT extract(epoch FROM min(hold_expiry) - clock_timestamp())::float8 FROM seats
    WHERE status = 'held' AND hold_expiry > (SELECT clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """One batch. `seats` counts what it freed; fewer than asked for means that nothing is left."""

    seats: int
    changes: Sequence[SeatChanges]


async def sweep(pool: "asyncpg.Pool[asyncpg.Record]", *, batch: int) -> Swept:
    """Free the seats of at most `batch` ended holds' seats; committed on return. Raises what asyncpg raises.

    Any number may run at once: each seat is freed by one of them, and a hold that lives is never touched.
    """
    rows = await pool.fetch(SWEEP, batch)
    events: dict[int, list[SeatChange]] = {}
    for row in rows:
        events.setdefault(row["event_id"], []).append(SeatChange(row["id"], "available", row["version"]))
    return Swept(len(rows), [SeatChanges(event_id, changes) for event_id, changes in events.items()])


async def next_end_in_s(pool: "asyncpg.Pool[asyncpg.Record]") -> float | None:
    """Seconds until the next hold ends, whoever placed it; `None` when nothing is held. Raises what asyncpg raises."""
    ends_in_s: float | None = await pool.fetchval(NEXT_END)
    return ends_in_s
