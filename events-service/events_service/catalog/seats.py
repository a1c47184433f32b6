"""The seats of an event with their status now: what changes is read each time, what never changes is encoded once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import asyncpg
import msgspec

from events_service.recent import Recent
from shared.chassis.problems import NotFound

FIXED_BYTES = 32 * 2**20
"""How much an instance keeps of what never changes: about 150,000 seats. Seats of other events take longer."""

# statement_timestamp(): one instant for the whole answer, by the clock that also decides who may hold.
_STATUS_NOW = """
    CASE WHEN seats.status = 'held' AND seats.hold_expiry <= statement_timestamp()
         THEN 'available' ELSE seats.status END || ':' || seats.version
"""

# One text for the whole house instead of a row for each seat: a fifth of the work on our side.
_CHANGING = f"""
    SELECT events.created_at,
           (SELECT string_agg(state, ',') FROM
               (SELECT {_STATUS_NOW} AS state
                FROM seats WHERE seats.event_id = events.id ORDER BY seats.id) AS in_order)
    FROM events WHERE events.id = $1
"""  # noqa: S608 - a constant of ours

_EVERYTHING = f"""
    SELECT events.created_at, events.currency, seats.id, seats.seat_number, seats.section, seats.row_label, seats.x,
           seats.y, seats.category, seats.price, {_STATUS_NOW} AS state
    FROM events LEFT JOIN seats ON seats.event_id = events.id
    WHERE events.id = $1 ORDER BY seats.id
"""  # noqa: S608 - a constant of ours


class _FixedSeat(msgspec.Struct, frozen=True):
    """What never changes of a `SeatItem` (`events_service.catalog.schemas`), in its order."""

    id: int
    seat_number: str
    section: str
    row: str
    x: float
    y: float
    category: str
    price: int
    currency: str


@dataclass(frozen=True, slots=True)
class _FixedSeats:
    """The seats of one event but for status and version, each in JSON up to where its status begins.

    `created_at` tells the event from another one of the same id, in a database that was emptied while we run.
    """

    created_at: datetime
    beginnings: Sequence[bytes]
    sections: Sequence[str]

    @property
    def size(self) -> int:
        return sum(map(len, self.beginnings))


class SeatReader:
    """Reads the seats of events, each time in one statement."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", *, wait_s: float) -> None:
        """`wait_s`: how long a reader waits for a free connection."""
        self._pool = pool
        self._wait_s = wait_s
        self._fixed: Recent[int, _FixedSeats] = Recent(room=FIXED_BYTES, size_of=lambda fixed: fixed.size)

    async def read(self, event_id: int, *, status: str | None, section: str | None) -> bytes:
        """An `EventSeats` in JSON, in plan order, as of one instant of the database's clock. Raises `NotFound`."""
        async with self._pool.acquire(timeout=self._wait_s) as connection:
            fixed = self._fixed.get(event_id)
            if fixed is not None:
                row = await connection.fetchrow(_CHANGING, event_id)
                if row is None:
                    raise NotFound
                states = _states(row[1])
                if row[0] == fixed.created_at and len(states) == len(fixed.beginnings):
                    return _encoded(event_id, fixed, states, status, section)
            rows = await connection.fetch(_EVERYTHING, event_id)
        if not rows:
            raise NotFound
        fixed, states = _fixed_seats(rows), [row["state"].encode() for row in rows if row["id"] is not None]
        self._fixed.put(event_id, fixed)
        return _encoded(event_id, fixed, states, status, section)


def _states(text: str | None) -> list[bytes]:
    """From ``held:3,available:0`` to a state for each seat."""
    return text.encode().split(b",") if text else []


def _fixed_seats(rows: Sequence[Any]) -> _FixedSeats:
    seats = [
        _FixedSeat(
            row["id"], row["seat_number"], row["section"], row["row_label"], row["x"], row["y"], row["category"],
            row["price"], row["currency"],
        )
        for row in rows
        if row["id"] is not None
    ]  # fmt: skip
    return _FixedSeats(
        created_at=rows[0]["created_at"],
        beginnings=[msgspec.json.encode(seat)[:-1] + b',"status":"' for seat in seats],
        sections=[seat.section for seat in seats],
    )


def _encoded(
    event_id: int, fixed: _FixedSeats, states: Sequence[bytes], status: str | None, section: str | None
) -> bytes:
    """The answer, put together from pieces of JSON: encoding each seat anew took most of the time."""
    beginnings: Sequence[bytes] = fixed.beginnings
    if status is not None or section is not None:
        wanted = [
            (beginning, state)
            for beginning, state, its_section in zip(beginnings, states, fixed.sections, strict=True)
            if section in (None, its_section) and (status is None or state.startswith(status.encode() + b":"))
        ]
        beginnings, states = [pair[0] for pair in wanted], [pair[1] for pair in wanted]
    # A state is a status of ours and a number, so neither needs quoting, and the colon is the only one.
    ends = b"},\n".join(states).replace(b":", b'","version":').split(b"\n")
    seats = b"".join(chain.from_iterable(zip(beginnings, ends, strict=False)))
    return b'{"event_id":%d,"seats":[%b%b]}' % (event_id, seats, b"}" if states else b"")
