"""What the live map asks the database: the seats of an event, and the ledger's news.

PostgreSQL's own snapshots order the two (`pg_snapshot`, in "Transaction ID and Snapshot Information Functions"). A
change is in a reading, or its transaction was invisible to the reading's snapshot and is found by asking for exactly
those transactions; a clock, or the order of ids, would miss a transaction that started early and committed late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import asyncpg

from booking_service.live.board import SeatReading
from shared.contracts.live_messages import SeatChange

# One row of arrays: a row per seat costs several times as much to carry over.
READ_EVENT = """
    SELECT pg_current_snapshot()::text AS seen,
           array_agg(id) AS ids, array_agg(seat_number) AS numbers, array_agg(status) AS statuses,
           array_agg(version) AS versions,
           array_agg(extract(epoch FROM hold_expiry - clock_timestamp())::float8) AS ends
    FROM (SELECT * FROM seats WHERE event_id = $1 ORDER BY id) AS seats
"""

# Only transactions that the earlier snapshot could not see: those from its xmax on, and those that were under way then.
# However long one of them runs, it makes nobody read a row twice. The upper bound keeps out what a restored dump
# brought along from another server, whose transaction ids mean nothing here. Two branches, because with OR the planner
# may walk the index from its beginning. Of a seat's changes the newest says all.
READ_LEDGER = """
    SELECT pg_current_snapshot()::text AS seen,
           array_agg(event_id) AS events, array_agg(seat_id) AS seats, array_agg(new_status) AS statuses,
           array_agg(version) AS versions,
           array_agg(extract(epoch FROM hold_expiry - clock_timestamp())::float8) AS ends,
           (SELECT array_agg(id) FROM events WHERE id = ANY($1)) AS living
    FROM (
        SELECT DISTINCT ON (seat_id) event_id, seat_id, new_status, version, hold_expiry
        FROM (
            SELECT * FROM seat_log
            WHERE xid >= pg_snapshot_xmax($2::text::pg_snapshot) AND xid < pg_snapshot_xmax(pg_current_snapshot())
            UNION ALL
            SELECT * FROM seat_log WHERE xid = ANY(ARRAY(SELECT pg_snapshot_xip($2::text::pg_snapshot)))
        ) AS unseen
        WHERE event_id = ANY($1)
        ORDER BY seat_id, version DESC
    ) AS newest
"""


@dataclass(frozen=True, slots=True)
class EventReading:
    """All seats of an event, and the database snapshot (`pg_snapshot` as text) that they were read in."""

    seen: str
    seats: Sequence[SeatReading]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """A change in the ledger. `ends_in_s`: seconds until the hold ends that it began, if it began one."""

    event_id: int
    seat: SeatChange
    ends_in_s: float | None


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """What is new in the ledger up to the snapshot `seen`, and which of the events asked for still exist."""

    seen: str
    changes: Sequence[LedgerChange]
    living: frozenset[int]


class LiveRepository(Protocol):
    """Where the truth is read."""

    async def read_event(self, event_id: int) -> EventReading | None:
        """All seats of the event; `None` when there is no such event. Raises what asyncpg raises."""
        ...

    async def read_ledger(self, event_ids: Sequence[int], *, unseen_by: str) -> LedgerReading:
        """The changes of these events that the snapshot `unseen_by` could not see. Raises what asyncpg raises."""
        ...


class PoolRepository:
    """Reads through an asyncpg pool, each time with one short statement."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def read_event(self, event_id: int) -> EventReading | None:
        """See `LiveRepository`."""
        row = await self._pool.fetchrow(READ_EVENT, event_id)
        if row is None or row["ids"] is None:
            return None
        columns = (row["ids"], row["numbers"], row["statuses"], row["versions"], row["ends"])
        return EventReading(row["seen"], [SeatReading(*seat) for seat in zip(*columns, strict=True)])

    async def read_ledger(self, event_ids: Sequence[int], *, unseen_by: str) -> LedgerReading:
        """See `LiveRepository`."""
        row = await self._pool.fetchrow(READ_LEDGER, event_ids, unseen_by)
        assert row is not None  # noqa: S101 - an aggregate without GROUP BY is one row
        columns = [row[name] or () for name in ("events", "seats", "statuses", "versions", "ends")]
        changes = [
            LedgerChange(event_id, SeatChange(seat_id, status, version), ends if status == "held" else None)
            for event_id, seat_id, status, version, ends in zip(*columns, strict=True)
        ]
        return LedgerReading(row["seen"], changes, frozenset(row["living"] or ()))
