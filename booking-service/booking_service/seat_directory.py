"""Which event a seat belongs to, remembered: seats of one event have consecutive ids, and never change their event."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from shared.chassis.problems import NotFound, Unprocessable

MAX_EVENTS = 50_000
"""Events remembered per process (about 10 MB); then it starts over."""

_FIND = """
    SELECT id, first_seat_id, seat_count, currency FROM events
    WHERE first_seat_id <= $1 ORDER BY first_seat_id DESC LIMIT 1
"""


class SeatNotFound(NotFound):
    """No event has this seat."""

    slug, title = "seat-not-found", "There is no such seat"


class SeatsOfTwoEvents(Unprocessable):
    """One hold is for one event."""

    slug, title = "seats-of-two-events", "All seats of one hold must be of the same event"


@dataclass(frozen=True, slots=True)
class SeatBlock:
    """The seats of one event: `count` ids from `first` on. Money of this event is in `currency`."""

    event_id: int
    first: int
    count: int
    currency: str

    def __contains__(self, seat_id: int) -> bool:
        return self.first <= seat_id < self.first + self.count


class SeatDirectory:
    """Finds the event of a seat; asks the database once per event."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._firsts: list[int] = []
        self._blocks: list[SeatBlock] = []

    async def block_of(self, seat_ids: Sequence[int]) -> SeatBlock:
        """The one event of all `seat_ids` (not empty). Raises `SeatNotFound`, `SeatsOfTwoEvents`.

        The event may have been deleted since: whoever locks the seats' rows will see.
        """
        block = await self._find(seat_ids[0])
        for seat_id in seat_ids:
            if seat_id not in block:
                await self._find(seat_id)  # a seat that does not exist is the plainer mistake
                raise SeatsOfTwoEvents
        return block

    def forget(self, block: SeatBlock) -> None:
        """Drop a block whose event turned out to be gone."""
        if block in self._blocks:
            index = self._blocks.index(block)
            del self._blocks[index], self._firsts[index]

    async def _find(self, seat_id: int) -> SeatBlock:
        index = bisect_right(self._firsts, seat_id) - 1
        if index >= 0 and seat_id in self._blocks[index]:
            return self._blocks[index]
        row = await self._pool.fetchrow(_FIND, seat_id)
        if row is None or not row["first_seat_id"] <= seat_id < row["first_seat_id"] + row["seat_count"]:
            raise SeatNotFound(seats=[{"seat_id": seat_id}])
        block = SeatBlock(row["id"], row["first_seat_id"], row["seat_count"], row["currency"])
        self._remember(block)
        return block

    def _remember(self, block: SeatBlock) -> None:
        if len(self._blocks) >= MAX_EVENTS:
            self._blocks.clear()
            self._firsts.clear()
        index = bisect_right(self._firsts, block.first)
        if index == 0 or self._firsts[index - 1] != block.first:
            self._firsts.insert(index, block.first)
            self._blocks.insert(index, block)
