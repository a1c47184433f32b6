"""Confirming holds, listing and cancelling bookings."""

from uuid import UUID

import asyncpg
import msgspec

from booking_service.answers import Answer, Outcome, answer
from booking_service.batched_writes import BatchedWriter
from booking_service.bookings import cursors, repository
from booking_service.bookings.confirming import Confirmation, booking_status, decide
from booking_service.bookings.errors import BookingNotFound, TicketUsed
from booking_service.bookings.schemas import BookedEvent, BookedSeat, Booking, MyBookings
from booking_service.failpoints import Reach, pass_by
from booking_service.gate.seat_gate import SeatGate
from booking_service.holds.answers import rfc3339, seat_changes
from booking_service.transactions import Connection, Writer
from shared.chassis.idempotency import RequestKey
from shared.contracts.pictures import PictureAddresses


class BookingService:
    """What can be done with bookings. Answers are built, and news announced, only after COMMIT."""

    def __init__(
        self,
        *,
        pool: "asyncpg.Pool[asyncpg.Record]",
        writer: Writer,
        gate: SeatGate,
        pictures: PictureAddresses,
        reach: Reach = pass_by,
    ) -> None:
        self._pool = pool
        self._writer = writer
        self._gate = gate
        self._pictures = pictures
        self._confirmations = BatchedWriter(writer, decide=decide, operation="confirm")
        self._reach = reach

    async def confirm(
        self, *, hold_id: UUID | None, seat_id: int | None, buyer: int, key: RequestKey | None, instance: str
    ) -> Answer:
        """Book all seats of the buyer's hold, named by its id or by one of its seats; or none.

        A hold that was confirmed before gives the same order again. Raises `HoldEnded`, `HoldNotFound`.
        """

        request = Confirmation(buyer, hold_id, seat_id)
        outcome = await self._confirmations.write(request, key=key, instance=instance)
        if outcome.changes is not None:
            seat_ids = [change.seat_id for change in outcome.changes.changes]
            await self._reach("confirm", "before_leave")
            await self._gate.leave(outcome.changes.event_id, seat_ids, str(outcome.facts["hold_id"]))
        await self._reach("confirm", "before_answer")
        return outcome.answer

    async def cancel(self, booking_id: int, *, buyer: int, key: RequestKey | None, instance: str) -> Answer:
        """Cancel the booking and put its seat back on sale; cancelled already: the same answer. Raises
        `BookingNotFound`, `TicketUsed`."""

        async def work(connection: "Connection[asyncpg.Record]") -> Outcome:
            seat_id = await repository.lock_seat_of(connection, user_id=buyer, booking_id=booking_id)
            if seat_id is None:
                raise BookingNotFound
            freed: list[asyncpg.Record] = []
            if await repository.mark_cancelled(connection, user_id=buyer, booking_id=booking_id):
                freed = await repository.free_seat(connection, seat_id=seat_id, booking_id=booking_id)
            row = await repository.one(connection, user_id=buyer, booking_id=booking_id)
            if row is None:
                raise BookingNotFound
            booking = self._booking(row)
            if row["admitted_at"]:
                raise TicketUsed(
                    admitted_at=rfc3339(row["admitted_at"]),
                    gate=row["admitted_gate"],
                    seat=msgspec.to_builtins(booking.seat),
                )
            return Outcome(answer(200, booking), seat_changes(freed, "available") if freed else None)

        outcome = await self._writer.write(work, operation="cancel", key=key, instance=instance)
        await self._reach("cancel", "before_answer")
        return outcome.answer

    async def one(self, booking_id: int, *, buyer: int) -> Booking | None:
        """The buyer's booking; `None` when there is none, or it is somebody else's."""
        row = await repository.one(self._pool, user_id=buyer, booking_id=booking_id)
        return None if row is None else self._booking(row)

    async def mine(self, *, buyer: int, cursor: str | None, limit: int, order_id: UUID | None = None) -> MyBookings:
        """One page of the buyer's bookings, or of one order of theirs, newest first. Raises `Unprocessable` for a
        cursor that is none."""
        after = cursors.decode(cursor) if cursor is not None else None
        rows = await repository.page(
            self._pool,
            user_id=buyer,
            before=after.created_at if after else None,
            before_id=after.booking_id if after else None,
            limit=limit + 1,  # one more tells whether there is another page
            order_id=order_id,
        )
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursors.Position(shown[-1]["created_at"], shown[-1]["id"]).encode() if more else None
        return MyBookings([self._booking(row) for row in shown], next_cursor)

    def _booking(self, row: asyncpg.Record) -> Booking:
        return Booking(
            id=row["id"],
            order_id=row["order_id"],
            status=booking_status(row),
            price=row["price"],
            currency=row["currency"],
            created_at=rfc3339(row["created_at"]),
            cancelled_at=rfc3339(row["cancelled_at"]) if row["cancelled_at"] else None,
            event=BookedEvent(
                id=row["event_id"],
                name=row["name"],
                event_type=row["event_type"],
                venue=row["venue"],
                city=row["city"],
                start_time=rfc3339(row["start_time"]),
                time_zone=row["time_zone"],
                image_url=self._pictures.of(row["event_id"], row["image_url"]),
            ),
            seat=BookedSeat(
                id=row["seat_id"],
                seat_number=row["seat_number"],
                section=row["section"],
                row=row["row_label"],
                category=row["category"],
            ),
        )
