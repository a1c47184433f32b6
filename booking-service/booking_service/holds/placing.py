"""Many wanted holds at once, each answered as if they came one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from booking_service.answers import Outcome, answer
from booking_service.batched_writes import PATIENCE, NotDecided
from booking_service.holds import repository, rules
from booking_service.holds.answers import hold_answer, seat_changes
from booking_service.holds.errors import SeatUnavailable
from booking_service.holds.taking import Claim, take
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
    """Takes what is wanted, and says what became of it."""

    def __init__(self, directory: SeatDirectory, *, duration: timedelta, longest: timedelta, limit: int) -> None:
        """`longest` is what extensions can make of `duration`; `limit` is for the seats of one user in one event."""
        self._directory = directory
        self._duration = duration
        self._longest = longest
        self._limit = limit

    async def decide(
        self, connection: "Connection[asyncpg.Record]", requests: Sequence[HoldRequest]
    ) -> list[Outcome | Problem | NotDecided | None]:
        """See `BatchedWriter`: a hold, or `SeatNotFound`, `EventNotOnSale`, `HoldLimitReached`.

        `SeatUnavailable` is not decided yet: there may be other seats, or an alternative to name.
        """
        ground = await self._take(connection, [request for request in requests if isinstance(request, Wanted)])
        behind = await self._behind_gates(connection, [request for request in requests if isinstance(request, ShutOut)])
        verdicts: list[Outcome | Problem | NotDecided | None] = []
        for request in requests:
            match request:
                case Wanted():
                    verdicts.append(self._verdict(request, ground, alone=len(requests) == 1))
                case ShutOut(seat_ids, shut, holder):
                    verdicts.append(NotDecided(shut_out(behind, seat_ids, shut, asker=holder)))
                case Refused(problem):
                    verdicts.append(problem)
        return verdicts

    async def _take(self, connection: "Connection[asyncpg.Record]", wanted: Sequence[Wanted]) -> "_Ground":
        """Of those who want the same seat the first one claims it; the others learn what became of it."""
        claims: list[Claim] = []
        claimed: set[int] = set()
        also: set[int] = set()
        for request in wanted:
            if claimed.isdisjoint(request.seat_ids):
                claimed.update(request.seat_ids)
                claims.append(Claim(request.holder, request.block.event_id, request.hold_id, request.seat_ids))
            else:
                also.update(request.seat_ids)
        if not claims:
            return _Ground([], [])
        rows = await take(
            connection,
            claims,
            also=list(also - claimed),
            lasts=self._duration,
            limit=self._limit,
            # In a transaction, whoever began it has said how long it waits.
            patience=None if connection.is_in_transaction() else PATIENCE,
        )
        return _Ground(claims, rows)

    async def _behind_gates(
        self, connection: "Connection[asyncpg.Record]", groups: Sequence[ShutOut]
    ) -> dict[int, rules.WantedSeat]:
        if not groups:
            return {}
        return await repository.read_wanted(connection, sorted({s for group in groups for s in group.seat_ids}))

    def _verdict(self, request: Wanted, ground: "_Ground", *, alone: bool) -> Outcome | Problem | NotDecided | None:
        seats = ground.taken(request)
        if seats:
            return Outcome(
                answer(201, hold_answer(seats, currency=request.block.currency, longest=self._longest)),
                seat_changes(seats, "held"),
                {"lasts": seats[0]["remaining"]},
            )
        problem = rules.why_not(
            ground.found(request),
            request.seat_ids,
            asker=request.holder,
            held=ground.held_by_asker(request),
            limit=self._limit,
        )
        if isinstance(problem, SeatNotFound):
            self._directory.forget(request.block)
        if isinstance(problem, SeatUnavailable):
            return NotDecided(problem)
        if problem is None and alone:  # nothing is in the way: only a changed database can do this
            return NotDecided(SeatUnavailable([{"seat_id": seat_id} for seat_id in request.seat_ids]))
        return problem  # `None`: a neighbour was in the way, and is not any more


class _Ground:
    """The seats that the requests of a batch wanted, as they are after `take`."""

    def __init__(self, claims: Sequence[Claim], rows: Sequence[asyncpg.Record]) -> None:
        self._claimed_by = {claim.hold_id for claim in claims}
        self._rows: dict[int, asyncpg.Record] = {row["id"]: row for row in rows}
        self._granted: dict[tuple[int, int], int] = {}

    def taken(self, request: Wanted) -> list[asyncpg.Record]:
        """The seats of the hold that was wanted, by id; none, if it was refused. To be asked once, in turn."""
        first = self._rows.get(request.seat_ids[0])
        if first is None or first["hold_id"] != request.hold_id:
            return []
        asker = (request.holder, request.block.event_id)
        self._granted[asker] = self._granted.get(asker, 0) + len(request.seat_ids)
        return [self._rows[seat_id] for seat_id in request.seat_ids]

    def found(self, request: Wanted) -> dict[int, rules.WantedSeat]:
        """The seats that were wanted, fewer when some are gone."""
        rows = (self._rows[seat_id] for seat_id in request.seat_ids if seat_id in self._rows)
        return {row["id"]: rules.WantedSeat(*(row[name] for name in _SEEN)) for row in rows}

    def held_by_asker(self, request: Wanted) -> int | None:
        """How many seats of the event the asker holds when its turn comes; `None`: not known."""
        first = self._rows.get(request.seat_ids[0])
        if first is None or request.hold_id not in self._claimed_by:
            return None
        return int(first["counted"]) + self._granted.get((request.holder, request.block.event_id), 0)


_SEEN = ("id", "seat_number", "status", "version", "held_by", "on_sale")


def shut_out(
    seats: dict[int, rules.WantedSeat], seat_ids: Sequence[int], shut: Sequence[int], *, asker: int
) -> SeatUnavailable:
    """What the gate's refusal of `shut` comes to, for a group of which `seats` are known."""
    refused = rules.refused_seats((seats[seat_id] for seat_id in seat_ids if seat_id in seats), asker=asker)
    listed = {seat["seat_id"] for seat in refused}
    return SeatUnavailable(
        refused + [{"seat_id": seat_id, "status": "held"} for seat_id in shut if seat_id not in listed]
    )
