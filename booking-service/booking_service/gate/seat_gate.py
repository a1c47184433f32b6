"""The gate in front of the seats: refuses early what PostgreSQL would refuse anyway.

`SET NX` with an end, as in every textbook, but with no say in who owns a seat: a lock that expires by Redis' clock and
can be lost in a failover must not decide. Without it everything works, only with more work for PostgreSQL.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

import structlog

from booking_service.batching import Batcher
from booking_service.redis_pipe import Pipe, Script
from shared.contracts.redis_keys import seat_lock
from shared.redis_failures import REDIS_FAILURES

log = structlog.get_logger()

IN_FLIGHT = timedelta(seconds=3)
"""How long a gate stays shut for a request that is on its way to PostgreSQL; all that a crash there can cost."""

AHEAD = timedelta(milliseconds=50)
"""A gate opens this much before its hold ends, so that it never outlives it: nobody is refused an ended hold's seat."""

REST_S = 1.0
"""After an error the gate is left alone this long, so that a dead Redis does not slow every request."""

LANES = 1
MOST_PER_CALL = 128
"""Script calls of one kind under way at once, and requests in one of them: what keeps one call below a millisecond of
Redis' time, which is everybody's."""


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
    """Gates in Redis. An error or a time-out counts as an open gate. What is waiting at once shares one round trip."""

    def __init__(self, pipe: Pipe, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`pipe` must have a short time-out: it is what a request waits for a dead Redis."""
        self._pipe = pipe
        self._monotonic = monotonic
        self._rest_until = 0.0
        self._enter = self._batched("enter")
        self._keep = self._batched("keep")
        self._leave = self._batched("leave")

    async def enter(self, event_id: int, seat_ids: Sequence[int], asker: str) -> list[int]:
        """See `SeatGate`."""
        refused = await self._enter.submit(_Call(event_id, seat_ids, (asker, _milliseconds(IN_FLIGHT))))
        return [seat_ids[place - 1] for place in refused]

    async def keep(
        self, event_id: int, seat_ids: Sequence[int], asker: str, *, hold_id: UUID, lasts: timedelta
    ) -> None:
        """See `SeatGate`."""
        milliseconds = _milliseconds(lasts - AHEAD)
        if milliseconds > 0:
            await self._keep.submit(_Call(event_id, seat_ids, (asker, str(hold_id), milliseconds)))

    async def leave(self, event_id: int, seat_ids: Sequence[int], owner: str) -> None:
        """See `SeatGate`."""
        await self._leave.submit(_Call(event_id, seat_ids, (owner,)))

    def _batched(self, name: str) -> "Batcher[_Call, Sequence[int]]":
        script = Script(self._pipe, (Path(__file__).parent / f"{name}.lua").read_text(encoding="utf-8"))

        async def work(calls: Sequence[_Call]) -> Sequence[Sequence[int]]:
            return await self._run(script, calls)

        return Batcher(work, lanes=LANES, most=MOST_PER_CALL)

    async def _run(self, script: Script, calls: "Sequence[_Call]") -> Sequence[Sequence[int]]:
        """What the script says to each call; nothing where Redis says nothing."""
        answers: list[Sequence[int]] = [()] * len(calls)
        if self._monotonic() < self._rest_until:
            return answers
        events: dict[int, list[int]] = {}
        for index, call in enumerate(calls):
            events.setdefault(call.event_id, []).append(index)
        try:
            said = await script([_call([calls[index] for index in indices]) for indices in events.values()])
        except REDIS_FAILURES as error:
            now = self._monotonic()
            if now >= self._rest_until:  # the first of all calls that are under way says it for them
                log.warning("gate.skipped", error=type(error).__name__)
            self._rest_until = now + REST_S
            return answers
        for indices, of_event in zip(events.values(), said, strict=True):
            for index, answer in zip(indices, of_event, strict=False):  # only `enter` says something
                answers[index] = answer
        return answers


def _call(calls: "Sequence[_Call]") -> tuple[list[str], list[str | int]]:
    """Keys and arguments for the calls of one event, whose keys share a cluster slot."""
    return (
        [seat_lock(call.event_id, seat_id) for call in calls for seat_id in call.seat_ids],
        [value for call in calls for value in (*call.arguments, len(call.seat_ids))],
    )


@dataclass(frozen=True, slots=True)
class _Call:
    """One request to a script, as the scripts' headers have it."""

    event_id: int
    seat_ids: Sequence[int]
    arguments: tuple[str | int, ...]


def _milliseconds(duration: timedelta) -> int:
    return int(duration.total_seconds() * 1000)
