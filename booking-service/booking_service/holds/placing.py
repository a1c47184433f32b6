"""Deciding about wanted holds, many in one transaction, as if one came after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from booking_service.answers import Outcome, answer
from booking_service.batched_writes import NotDecided
from booking_service.holds import repository, rules
from booking_service.holds.answers import hold_answer, seat_changes
from booking_service.holds.errors import SeatUnavailable
from booking_service.seat_directory import SeatBlock, SeatDirectory, SeatNotFound
from booking_service.transactions import Connection
from shared.chassis.idempotency import RequestKey, request_key
from shared.chassis.problems import Problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of these seats (sorted) for `holder`, or none."""

    seat_ids: Sequence[int]
    block: SeatBlock
    hold_id: UUID
    holder: int


@dataclass(frozen=True, slots=True)
class ShutOut:
    """A group of which the gate has refused the seats `shut`: every seat of it that is not free is to be listed."""

    seat_ids: Sequence[int]
    shut: Sequence[int]
    holder: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused already. It comes here because the refusal is kept under its idempotency key like any other answer."""

    problem: Problem


HoldRequest = Wanted | ShutOut | Refused


def hold_key(user_id: int, key: str | None, seat_ids: Sequence[int]) -> RequestKey | None:
    """The key of the request to hold `seat_ids` (sorted), or `None` without a `key`."""
    return request_key(user_id, key, "hold", list(seat_ids))


class Placing:
    """The steps of holding: limit locks, seats, limits, one UPDATE for all (the order is ADR-0002's)."""

    def __init__(self, directory: SeatDirectory, *, duration: timedelta, longest: timedelta, limit: int) -> None:
        """`longest` is what extensions can make of `duration`; `limit` is for the seats of one user in one event."""
        self._directory = directory
        self._duration = duration
        self._longest = longest
        self._limit = limit

    async def decide(
        self, connection: "Connection[asyncpg.Record]", requests: Sequence[HoldRequest]
    ) -> list[Outcome | Problem | NotDecided]:
        """See `BatchedWriter`: a hold, or `SeatNotFound`, `EventNotOnSale`, `HoldLimitReached`.

        `SeatUnavailable` is not decided yet: there may be other seats, or an alternative to name.
        """
        sale = await self._sale(connection, [request for request in requests if isinstance(request, Wanted)])
        behind = await self._behind_gates(connection, [request for request in requests if isinstance(request, ShutOut)])
        problems: list[Problem | None] = []
        for request in requests:
            match request:
                case Wanted(seat_ids, block, _, holder):
                    problem = sale.hold(seat_ids, holder=holder, event_id=block.event_id, limit=self._limit)
                    if isinstance(problem, SeatNotFound):
                        self._directory.forget(block)
                    problems.append(problem)
                case ShutOut(seat_ids, shut, holder):
                    problems.append(shut_out(behind, seat_ids, shut, asker=holder))
                case Refused(problem):
                    problems.append(problem)
        granted = [
            request
            for request, problem in zip(requests, problems, strict=True)
            if problem is None and isinstance(request, Wanted)
        ]
        held = iter(await self._mark_held(connection, granted))
        return [
            _verdict(problem, request) if problem else next(held)
            for request, problem in zip(requests, problems, strict=True)
        ]

    async def _sale(self, connection: "Connection[asyncpg.Record]", wanted: Sequence[Wanted]) -> rules.Sale:
        if not wanted:
            return rules.Sale({})
        askers = {(request.holder, request.block.event_id) for request in wanted}
        await repository.lock_limits(connection, askers)
        seat_ids = sorted({seat_id for request in wanted for seat_id in request.seat_ids})
        return rules.Sale(*await repository.lock_wanted(connection, seat_ids, askers))

    async def _behind_gates(
        self, connection: "Connection[asyncpg.Record]", groups: Sequence[ShutOut]
    ) -> dict[int, rules.WantedSeat]:
        if not groups:
            return {}
        return await repository.read_wanted(connection, sorted({s for group in groups for s in group.seat_ids}))

    async def _mark_held(self, connection: "Connection[asyncpg.Record]", granted: Sequence[Wanted]) -> list[Outcome]:
        if not granted:
            return []
        rows = await repository.mark_held(
            connection,
            [(seat_id, request.hold_id, request.holder) for request in granted for seat_id in request.seat_ids],
            duration=self._duration,
        )
        holds: dict[UUID, list[asyncpg.Record]] = {request.hold_id: [] for request in granted}
        for row in rows:
            holds[row["hold_id"]].append(row)
        return [self._outcome(request, holds[request.hold_id]) for request in granted]

    def _outcome(self, request: Wanted, rows: list[asyncpg.Record]) -> Outcome:
        if len(rows) != len(request.seat_ids):  # they are locked and were free: only a changed database can do this
            raise SeatUnavailable([{"seat_id": seat_id} for seat_id in request.seat_ids])
        rows.sort(key=lambda row: row["id"])
        return Outcome(
            answer(201, hold_answer(rows, currency=request.block.currency, longest=self._longest)),
            seat_changes(rows, "held"),
            {"lasts": rows[0]["remaining"]},
        )


def _verdict(problem: Problem, request: HoldRequest) -> Problem | NotDecided:
    if isinstance(problem, SeatUnavailable) and not isinstance(request, Refused):
        return NotDecided(problem)
    return problem


def shut_out(
    seats: dict[int, rules.WantedSeat], seat_ids: Sequence[int], shut: Sequence[int], *, asker: int
) -> SeatUnavailable:
    """What the gate's refusal of `shut` comes to, for a group of which `seats` are known."""
    refused = rules.refused_seats((seats[seat_id] for seat_id in seat_ids if seat_id in seats), asker=asker)
    listed = {seat["seat_id"] for seat in refused}
    return SeatUnavailable(
        refused + [{"seat_id": seat_id, "status": "held"} for seat_id in shut if seat_id not in listed]
    )
