"""Placing, releasing and extending holds."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

import asyncpg

from booking_service.answers import Answer, Outcome, answer
from booking_service.failpoints import Reach, pass_by
from booking_service.gate.seat_gate import SeatGate
from booking_service.holds import repository, rules
from booking_service.holds.errors import (
    EventNotOnSale,
    HoldConfirmed,
    HoldEnded,
    HoldLimitReached,
    HoldNotFound,
    SeatUnavailable,
)
from booking_service.holds.schemas import HeldSeat, Hold, MyHolds
from booking_service.idempotency import RequestKey
from booking_service.identifiers import new_id
from booking_service.seat_directory import SeatBlock, SeatDirectory, SeatNotFound
from booking_service.settings import BookingSettings
from booking_service.transactions import Connection, Writer, refuse
from shared.chassis.problems import Problem
from shared.contracts.live_messages import SeatChange, SeatChanges, SeatStatus

NoteEnd = Callable[[float], None]
"""Told how many seconds from now a hold ends, so that it is swept on time."""


class HoldService:
    """What can be done with holds. Answers are built, and news announced, only after COMMIT."""

    def __init__(
        self,
        *,
        pool: "asyncpg.Pool[asyncpg.Record]",
        writer: Writer,
        gate: SeatGate,
        directory: SeatDirectory,
        note_end: NoteEnd,
        settings: BookingSettings,
        reach: Reach = pass_by,
    ) -> None:
        self._pool = pool
        self._writer = writer
        self._gate = gate
        self._directory = directory
        self._note_end = note_end
        self._reach = reach
        self._duration = timedelta(seconds=settings.hold_duration_s)
        self._longest = timedelta(seconds=settings.hold_max_s)
        self._limit = settings.max_held_seats_per_user

    async def place(self, seat_ids: Sequence[int], *, holder: int, key: RequestKey | None, instance: str) -> Answer:
        """Hold all of `seat_ids` (sorted) for `holder`, or none.

        Of any number of concurrent callers one gets each seat. Raises `SeatUnavailable` with every refused seat,
        `HoldLimitReached`, `EventNotOnSale`, `SeatNotFound`, `SeatsOfTwoEvents`.
        """
        try:
            block = await self._directory.block_of(seat_ids)
        except SeatNotFound as gone:
            return await self._refused(gone, key=key, instance=instance)
        hold_id = new_id()
        asker = key.asker() if key else str(hold_id)
        await self._reach("hold", "before_gate")
        refused = await self._gate.enter(block.event_id, seat_ids, asker)
        if refused:
            problem = await self._refusal(seat_ids, refused, holder)
            return await self._refused(problem, key=key, instance=instance)

        async def work(connection: "Connection[asyncpg.Record]") -> Outcome:
            return await self._place(connection, seat_ids, block, hold_id, holder)

        lasts: timedelta | None = None
        try:
            await self._reach("hold", "after_gate")
            outcome = await self._writer.write(work, operation="hold", key=key, instance=instance)
            lasts = outcome.facts.get("lasts")
        finally:
            if lasts is None:  # refused, answered before, or unknown: if it did commit, PostgreSQL refuses the next one
                await self._gate.leave(block.event_id, seat_ids, asker)
        if lasts is not None:
            self._note_end(lasts.total_seconds())
            await self._reach("hold", "before_keep")
            await self._gate.keep(block.event_id, seat_ids, asker, hold_id=hold_id, lasts=lasts)
        await self._reach("hold", "before_answer")
        return outcome.answer

    async def release(self, hold_id: UUID, *, holder: int, key: RequestKey | None, instance: str) -> Answer:
        """Give the seats back. A hold that has ended already is fine: its seats are free. Raises `HoldNotFound`,
        `HoldConfirmed`."""

        async def work(connection: "Connection[asyncpg.Record]") -> Outcome:
            if not await repository.lock_hold(connection, user_id=holder, hold_id=hold_id):
                confirmed, existed = await repository.what_became_of(connection, user_id=holder, hold_id=hold_id)
                if confirmed:
                    raise HoldConfirmed
                if not existed:
                    raise HoldNotFound
                return Outcome(answer(204))
            freed = await repository.mark_available(connection, user_id=holder, hold_id=hold_id)
            changes = seat_changes(freed, "available")
            return Outcome(answer(204), changes, {"freed": [row["id"] for row in freed]})

        outcome = await self._writer.write(work, operation="release", key=key, instance=instance)
        if outcome.changes is not None:
            await self._reach("release", "before_leave")
            await self._gate.leave(outcome.changes.event_id, outcome.facts["freed"], str(hold_id))
        await self._reach("release", "before_answer")
        return outcome.answer

    async def extend(self, hold_id: UUID, *, holder: int, key: RequestKey | None, instance: str) -> Answer:
        """A later end, capped; at the cap the hold keeps the end it has. Raises `HoldEnded`, `HoldNotFound`."""

        async def work(connection: "Connection[asyncpg.Record]") -> Outcome:
            # Extending is holding on: it takes turns with this user's other holds of the event. Otherwise somebody who
            # counts while an extension is about to commit, past the old end, does not see what it holds.
            event_id = await repository.event_of_hold(connection, user_id=holder, hold_id=hold_id)
            if event_id is not None:
                await repository.lock_limit(connection, event_id=event_id, user_id=holder)
            rows = await repository.lock_hold(connection, user_id=holder, hold_id=hold_id)
            if not rows:
                _, existed = await repository.what_became_of(connection, user_id=holder, hold_id=hold_id)
                raise HoldEnded if existed else HoldNotFound
            if not all(row["is_live"] for row in rows):
                raise HoldEnded
            end = rules.extended_end(
                now=rows[0]["now"],
                end=rows[0]["hold_expiry"],
                began=rows[0]["held_since"],
                duration=self._duration,
                longest=self._longest,
            )
            try:
                extended = await repository.mark_extended(connection, user_id=holder, hold_id=hold_id, end=end)
            except asyncpg.CheckViolationError:  # it ended between our look at the clock and the database's
                raise HoldEnded from None
            if len(extended) != len(rows):
                raise HoldEnded
            return Outcome(
                answer(200, self._hold(extended, currency=extended[0]["currency"])),
                seat_changes(extended, "held"),
                {"lasts": extended[0]["remaining"], "seats": [row["id"] for row in extended]},
            )

        outcome = await self._writer.write(work, operation="extend", key=key, instance=instance)
        if outcome.changes is not None:
            lasts: timedelta = outcome.facts["lasts"]
            self._note_end(lasts.total_seconds())
            await self._reach("extend", "before_keep")
            await self._gate.keep(
                outcome.changes.event_id, outcome.facts["seats"], str(hold_id), hold_id=hold_id, lasts=lasts
            )
        await self._reach("extend", "before_answer")
        return outcome.answer

    async def mine(self, *, holder: int) -> MyHolds:
        """All live holds of `holder`, oldest first."""
        rows = await repository.live_holds(self._pool, user_id=holder)
        holds = (list(seats) for _, seats in groupby(rows, key=lambda row: row["hold_id"]))
        return MyHolds([self._hold(seats, currency=seats[0]["currency"]) for seats in holds])

    async def _place(
        self,
        connection: "Connection[asyncpg.Record]",
        seat_ids: Sequence[int],
        block: SeatBlock,
        hold_id: UUID,
        holder: int,
    ) -> Outcome:
        await repository.lock_limit(connection, event_id=block.event_id, user_id=holder)
        wanted = await repository.lock_wanted(connection, seat_ids)
        if len(wanted) != len(seat_ids):
            self._directory.forget(block)
            there = {row["id"] for row in wanted}
            raise SeatNotFound(seats=[{"seat_id": seat_id} for seat_id in seat_ids if seat_id not in there])
        if not wanted[0]["on_sale"]:
            raise EventNotOnSale
        if not all(row["is_free"] for row in wanted):
            raise SeatUnavailable(rules.refused_seats(map(dict, wanted), asker=holder))
        already = await repository.count_held(connection, event_id=block.event_id, user_id=holder)
        if not rules.fits_the_limit(asked=len(seat_ids), held=already, limit=self._limit):
            raise HoldLimitReached(limit=self._limit, held=already)
        held = await repository.mark_held(
            connection, seat_ids, hold_id=hold_id, user_id=holder, duration=self._duration
        )
        if len(held) != len(seat_ids):  # the rows are locked and were free: only a changed database can do this
            raise SeatUnavailable(rules.refused_seats(map(dict, wanted), asker=holder))
        held.sort(key=lambda row: row["id"])
        return Outcome(
            answer(201, self._hold(held, currency=block.currency)),
            seat_changes(held, "held"),
            {"lasts": held[0]["remaining"]},
        )

    async def _refused(self, problem: Problem, *, key: RequestKey | None, instance: str) -> Answer:
        """The answer to a hold that nobody need ask PostgreSQL about. Raises `problem` when there is no key."""
        if key is None:
            raise problem
        # An earlier try with this key may be what shut the gate, or came while the event was still there: then its
        # answer is the one to give, again.
        outcome = await self._writer.write(refuse(problem), operation="hold", key=key, instance=instance)
        return outcome.answer

    async def _refusal(self, seat_ids: Sequence[int], refused: Sequence[int], holder: int) -> SeatUnavailable:
        """What the gate's refusal comes to. Of a group, every seat that is not free is to be listed, so we look."""
        if len(seat_ids) == 1:
            return SeatUnavailable([{"seat_id": refused[0], "status": "held"}])
        rows = await repository.read_wanted(self._pool, seat_ids)
        seats = rules.refused_seats(map(dict, rows), asker=holder)
        known = {seat["seat_id"] for seat in seats}
        return SeatUnavailable(seats + [{"seat_id": s, "status": "held"} for s in refused if s not in known])

    def _hold(self, rows: Sequence[asyncpg.Record], *, currency: str) -> Hold:
        first = rows[0]
        return Hold(
            hold_id=first["hold_id"],
            event_id=first["event_id"],
            seats=[
                HeldSeat(row["id"], row["seat_number"], "held", row["version"], row["price"])
                for row in sorted(rows, key=lambda row: row["id"])
            ],
            total=sum(row["price"] for row in rows),
            currency=currency,
            expires_at=rfc3339(first["hold_expiry"]),
            expires_in=max(0, round(first["remaining"].total_seconds())),
            extendable_until=rfc3339(first["held_since"] + self._longest),
        )


def seat_changes(rows: Sequence[asyncpg.Record], status: SeatStatus) -> SeatChanges:
    """The news that `rows` (id, event_id, version; at least one) now have `status`."""
    return SeatChanges(rows[0]["event_id"], [SeatChange(row["id"], status, row["version"]) for row in rows])


def rfc3339(instant: datetime) -> str:
    """`2026-12-01T19:30:00.123456Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
