"""The gate in front of the seats: refuses early what PostgreSQL would refuse anyway.

`SET NX` with an end, as in every textbook, but with no say in who owns a seat: a lock that expires by Redis' clock and
can be lost in a failover must not decide. Without it everything works, only with more work for PostgreSQL.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import redis.asyncio as redis
import structlog

from shared.contracts.redis_keys import seat_lock
from shared.redis_failures import REDIS_FAILURES

log = structlog.get_logger()

IN_FLIGHT = timedelta(seconds=3)
"""How long a gate stays shut for a request that is on its way to PostgreSQL; all that a crash there can cost."""

AHEAD = timedelta(milliseconds=50)
"""A gate opens this much before its hold ends, so that it never outlives it: nobody is refused an ended hold's seat."""

REST_S = 1.0
"""After an error the gate is left alone this long, so that a dead Redis does not slow every request."""


class SeatGate(Protocol):
    """Refuses early. `asker` names a request until its hold is committed; retries with one key are one asker."""

    async def enter(self, event_id: int, seat_ids: Sequence[int], asker: str) -> list[int]:
        """Take the gates of all seats. Returns those that others have; then none is taken."""
        ...

    async def keep(
        self, event_id: int, seat_ids: Sequence[int], asker: str, *, hold_id: UUID, lasts: timedelta
    ) -> None:
        """Keep them shut, for `hold_id` from now on, as long as the committed hold lasts."""
        ...

    async def leave(self, event_id: int, seat_ids: Sequence[int], owner: str) -> None:
        """Open those that are `owner`'s: a hold id, or an asker."""
        ...


class NoGate:
    """Lets everybody through to PostgreSQL."""

    async def enter(self, event_id: int, seat_ids: Sequence[int], asker: str) -> list[int]:
        """See `SeatGate`."""
        return []

    async def keep(
        self, event_id: int, seat_ids: Sequence[int], asker: str, *, hold_id: UUID, lasts: timedelta
    ) -> None:
        """See `SeatGate`."""

    async def leave(self, event_id: int, seat_ids: Sequence[int], owner: str) -> None:
        """See `SeatGate`."""


class RedisGate:
    """Gates in Redis. An error or a time-out counts as an open gate."""

    def __init__(self, client: "redis.Redis", *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`client` must have short time-outs: they are what a request waits for a dead Redis."""
        self._monotonic = monotonic
        self._rest_until = 0.0
        self._enter = client.register_script(_script("enter"))
        self._keep = client.register_script(_script("keep"))
        self._leave = client.register_script(_script("leave"))

    async def enter(self, event_id: int, seat_ids: Sequence[int], asker: str) -> list[int]:
        """See `SeatGate`."""
        keys = _keys(event_id, seat_ids)
        refused = await self._run(lambda: self._enter(keys=keys, args=[asker, _milliseconds(IN_FLIGHT)]))
        return [seat_ids[place - 1] for place in refused or ()]

    async def keep(
        self, event_id: int, seat_ids: Sequence[int], asker: str, *, hold_id: UUID, lasts: timedelta
    ) -> None:
        """See `SeatGate`."""
        milliseconds = _milliseconds(lasts - AHEAD)
        if milliseconds > 0:
            keys = _keys(event_id, seat_ids)
            await self._run(lambda: self._keep(keys=keys, args=[asker, str(hold_id), milliseconds]))

    async def leave(self, event_id: int, seat_ids: Sequence[int], owner: str) -> None:
        """See `SeatGate`."""
        await self._run(lambda: self._leave(keys=_keys(event_id, seat_ids), args=[owner]))

    async def _run(self, command: Callable[[], Awaitable[Any]]) -> Any:
        if self._monotonic() < self._rest_until:
            return None
        try:
            return await command()
        except REDIS_FAILURES as error:
            now = self._monotonic()
            if now >= self._rest_until:  # the first of all requests that are under way says it for them
                log.warning("gate.skipped", error=type(error).__name__)
            self._rest_until = now + REST_S
            return None


def _keys(event_id: int, seat_ids: Sequence[int]) -> list[str]:
    return [seat_lock(event_id, seat_id) for seat_id in seat_ids]


def _milliseconds(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1000)


def _script(name: str) -> str:
    return (Path(__file__).parent / f"{name}.lua").read_text(encoding="utf-8")
