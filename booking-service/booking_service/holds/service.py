"""Placing, releasing and extending holds."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

import asyncpg

from booking_service.answers import Answer, Outcome, answer
from booking_service.batched_writes import BatchedWriter
from booking_service.failpoints import Reach, pass_by
from booking_service.gate.seat_gate import SeatGate
from booking_service.holds import repository, rules
from booking_service.holds.alternatives import NO_ALTERNATIVES, Alternatives
from booking_service.holds.answers import hold_answer, seat_changes
from booking_service.holds.errors import HoldConfirmed, HoldEnded, HoldNotFound, SeatUnavailable
from booking_service.holds.placing import HoldRequest, Placing, Refused, ShutOut, Wanted
from booking_service.holds.schemas import Hold, MyHolds
from booking_service.identifiers import new_id
from booking_service.seat_directory import SeatBlock, SeatDirectory, SeatNotFound
from booking_service.settings import BookingSettings
from booking_service.transactions import Connection, Writer
from shared.chassis.idempotency import RequestKey
from shared.chassis.problems import Problem

NoteEnd = Callable[[float], None]
"""Told how many seconds from now a hold ends, so that it is swept on time."""

NoteRefusal = Callable[[int], None]
"""Told of which event somebody came too late for a seat."""


def _nobody_counts(_event_id: int) -> None:
    pass


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
        alternatives: Alternatives = NO_ALTERNATIVES,
        note_refusal: NoteRefusal = _nobody_counts,
        reach: Reach = pass_by,
    ) -> None:
        self._pool = pool
        self._writer = writer
        self._gate = gate
        self._directory = directory
        self._note_end = note_end
        self._alternatives = alternatives
        self._note_refusal = note_refusal
        self._reach = reach
        self._duration = timedelta(seconds=settings.hold_duration_s)
        self._longest = timedelta(seconds=settings.hold_max_s)
        placing = Placing(
            directory, duration=self._duration, longest=self._longest, limit=settings.max_held_seats_per_user
        )
        self._places: BatchedWriter[HoldRequest] = BatchedWriter(
            writer, decide=placing.decide, operation="hold", in_one_statement=True
        )

    async def place(self, seat_ids: Sequence[int], *, holder: int, key: RequestKey | None, instance: str) -> Answer:
        """Hold all of `seat_ids` (sorted) for `holder`, or none.

        Of any number of concurrent callers one gets each seat. Raises `SeatUnavailable` with every refused seat and an
        alternative, `HoldLimitReached`, `EventNotOnSale`, `SeatNotFound`, `SeatsOfTwoEvents`.
        """
        try:
            block = await self._directory.block_of(seat_ids)
        except SeatNotFound as gone:
            return await self.refuse(gone, key=key, instance=instance)
        try:
            return await self.attempt(seat_ids, block, holder=holder, key=key, instance=instance)
        except SeatUnavailable as lost:
            return await self.give_up(lost, seat_ids, block, key=key, instance=instance)

    async def attempt(
        self, seat_ids: Sequence[int], block: SeatBlock, *, holder: int, key: RequestKey | None, instance: str
    ) -> Answer:
        """As `place`, for the seats of one event, but a lost race leaves everything open, also with a key.

        After `SeatUnavailable`, which is then raised, the caller tries other seats with the same key, or lets it
        `give_up` or `refuse`.
        """
        hold_id = new_id()
        asker = key.asker() if key else str(hold_id)
        await self._reach("hold", "before_gate")
        shut = await self._gate.enter(block.event_id, seat_ids, asker)
        if shut:
            if len(seat_ids) == 1:
                raise SeatUnavailable([{"seat_id": shut[0], "status": "held"}])
            await self._places.write(ShutOut(seat_ids, shut, holder), key=None, instance=instance)

        lasts: timedelta | None = None
        try:
            await self._reach("hold", "after_gate")
            wanted = Wanted(seat_ids, block, hold_id, holder)
            outcome = await self._places.write(wanted, key=key, instance=instance)
            lasts = outcome.facts.get("lasts")
        finally:
            if lasts is None:  # refused, answered before, or unknown: if it did commit, PostgreSQL refuses the next one
                await self._gate.leave(block.event_id, seat_ids, asker)
        if lasts is not None:
            self._note_end(lasts.total_seconds())
            self._alternatives.expect(block.event_id)
            await self._reach("hold", "before_keep")
            await self._gate.keep(block.event_id, seat_ids, asker, hold_id=hold_id, lasts=lasts)
        await self._reach("hold", "before_answer")
        return outcome.answer

    async def give_up(
        self, lost: SeatUnavailable, seat_ids: Sequence[int], block: SeatBlock, *, key: RequestKey | None, instance: str
    ) -> Answer:
        """`refuse` because of a lost race, with an alternative to the seats."""
        self._note_refusal(block.event_id)
        lost.members["alternative"] = await self._alternatives.instead_of(block.event_id, seat_ids, lost.refused)
        return await self.refuse(lost, key=key, instance=instance)

    async def refuse(self, problem: Problem, *, key: RequestKey | None, instance: str) -> Answer:
        """Raise `problem`; with a key, keep it as the answer, unless another try has been answered already.

        That one may be what stood in the way of this try: then its answer is the one to give, again.
        """
        if key is None:
            raise problem
        problem.with_traceback(None)  # see `Problem`
        outcome = await self._places.write(Refused(problem), key=key, instance=instance)
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
                await repository.lock_limit(connection, user_id=holder, event_id=event_id)
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
            extended.sort(key=lambda row: row["id"])
            return Outcome(
                answer(200, self._hold(extended)),
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
        return MyHolds([self._hold(seats) for seats in holds])

    def _hold(self, rows: Sequence[asyncpg.Record]) -> Hold:
        return hold_answer(rows, currency=rows[0]["currency"], longest=self._longest)
