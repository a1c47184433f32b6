"""An event whose seats change, one of them perhaps in a transaction that takes its time."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from booking_service.live.repository import PoolRepository
from shared.contracts.live_messages import SeatChange, SeatChanges
from tests.stateful.live_modes import SeatState
from tests.support.world import World

_NOBODYS = "hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL, version = version + 1"
_HOLD = """
    UPDATE seats
    SET status = 'held', hold_id = gen_random_uuid(), held_by = $2, held_since = clock_timestamp(),
        hold_expiry = clock_timestamp() + {}, version = version + 1
    WHERE id = $1 AND (status = 'available' OR (status = 'held' AND hold_expiry <= clock_timestamp()))
    RETURNING status, version
"""
CHANGES: Mapping[str, str] = {
    "hold": _HOLD.format("interval '1 day'"),
    "hold, ended": _HOLD.format("interval '-1 second'"),
    "free": f"""
        UPDATE seats SET status = 'available', {_NOBODYS}
        WHERE id = $1 AND status IN ('held', 'blocked') AND $2::bigint IS NOT NULL RETURNING status, version
    """,
    "block": f"""
        UPDATE seats SET status = 'blocked', {_NOBODYS}
        WHERE id = $1 AND status <> 'blocked' AND $2::bigint IS NOT NULL RETURNING status, version
    """,
}
_ROWS = "SELECT id, status, version FROM seats WHERE event_id = $1"
_ENDED = "SELECT id FROM seats WHERE event_id = $1 AND status = 'held' AND hold_expiry <= clock_timestamp()"


class LiveStage:
    """One event after the other, in one database."""

    def __init__(
        self,
        writer: "asyncpg.Connection[asyncpg.Record]",
        late: "asyncpg.Connection[asyncpg.Record]",
        pool: "asyncpg.Pool[asyncpg.Record]",
    ) -> None:
        self.repository = PoolRepository(pool)
        self._writer = writer
        self._late = late
        self._user_id = 0
        self.event_id = 0
        self.seat_ids: tuple[int, ...] = ()

    async def new_event(self, *, seats: int) -> None:
        """Begin with free seats."""
        world = World(self._writer)
        self._user_id = self._user_id or (await world.person()).id
        venue = await world.event(seats=seats)
        self.event_id, self.seat_ids = venue.event_id, venue.seat_ids

    async def change(self, seat_id: int, how: str) -> SeatChanges | None:
        """Change the seat and commit; the news of it, or `None` when it cannot be changed like this."""
        return self._news(seat_id, await self._writer.fetchrow(CHANGES[how], seat_id, self._user_id))

    async def begin(self, seat_id: int, how: str) -> SeatChanges | None:
        """Change the seat in a transaction that stays open; the news that there will be."""
        await self._late.execute("BEGIN")
        return self._news(seat_id, await self._late.fetchrow(CHANGES[how], seat_id, self._user_id))

    async def commit(self) -> None:
        """Commit what was begun."""
        await self._late.execute("COMMIT")

    async def rows(self) -> Mapping[int, SeatState]:
        """Every seat, as the database has it."""
        rows = await self._writer.fetch(_ROWS, self.event_id)
        return {row["id"]: (row["status"], row["version"]) for row in rows}

    async def free_ended(self) -> None:
        """Sweep, and tell nobody."""
        for row in await self._writer.fetch(_ENDED, self.event_id):
            await self.change(row["id"], "free")

    def _news(self, seat_id: int, row: asyncpg.Record | None) -> SeatChanges | None:
        if row is None:
            return None
        return SeatChanges(self.event_id, [SeatChange(seat_id, row["status"], row["version"])])


@asynccontextmanager
async def open_live_stage(database_url: str) -> AsyncIterator[LiveStage]:
    """A stage with connections of its own."""
    async with asyncpg.create_pool(database_url, min_size=1, max_size=4) as pool:
        writer, late = [await asyncpg.connect(database_url) for _ in range(2)]
        try:
            yield LiveStage(writer, late, pool)
        finally:
            writer.terminate()
            late.terminate()


@contextmanager
def live_stage(runner: asyncio.Runner, database_url: str) -> Iterator[LiveStage]:
    """The same, for a caller that has no loop but runs one."""
    opening = open_live_stage(database_url)
    opened = runner.run(opening.__aenter__())
    try:
        yield opened
    finally:
        runner.run(opening.__aexit__(None, None, None))
