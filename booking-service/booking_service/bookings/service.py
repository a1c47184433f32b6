"""Confirming holds, listing and cancelling bookings."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import asyncpg

from booking_service.answers import Answer, Outcome, answer
from booking_service.bookings import cursors, repository
from booking_service.bookings.errors import BookingNotFound
from booking_service.bookings.schemas import (
    BookedEvent,
    BookedSeat,
    Booking,
    MyBookings,
    Order,
    OrderedBooking,
)
from booking_service.failpoints import Reach, pass_by
from booking_service.gate.seat_gate import SeatGate
from booking_service.holds import repository as holds
from booking_service.holds.errors import HoldEnded, HoldNotFound
from booking_service.holds.service import rfc3339, seat_changes
from booking_service.idempotency import RequestKey
from booking_service.identifiers import new_id
from booking_service.transactions import Connection, Writer
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
        self._reach = reach

    async def confirm(
        self, *, hold_id: UUID | None, seat_id: int | None, buyer: int, key: RequestKey | None, instance: str
    ) -> Answer:
        """Book all seats of the buyer's hold, named by its id or by one of its seats; or none.

        A hold that was confirmed before gives the same order again. Raises `HoldEnded`, `HoldNotFound`.
        """

        async def work(connection: "Connection[asyncpg.Record]") -> Outcome:
            hold = hold_id
            if hold is None:
                hold = await holds.latest_hold_of_seat(connection, user_id=buyer, seat_id=seat_id or 0)
            if hold is None:
                raise HoldNotFound
            return await self._confirm(connection, hold, buyer)

        outcome = await self._writer.write(work, operation="confirm", key=key, instance=instance)
        if outcome.changes is not None:
            seat_ids = [change.seat_id for change in outcome.changes.changes]
            await self._reach("confirm", "before_leave")
            await self._gate.leave(outcome.changes.event_id, seat_ids, str(outcome.facts["hold_id"]))
        await self._reach("confirm", "before_answer")
        return outcome.answer

    async def cancel(self, booking_id: int, *, buyer: int, key: RequestKey | None, instance: str) -> Answer:
        """Cancel the booking and put its seat back on sale; cancelled already: the same answer. Raises
        `BookingNotFound`."""

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
            return Outcome(answer(200, self._booking(row)), seat_changes(freed, "available") if freed else None)

        outcome = await self._writer.write(work, operation="cancel", key=key, instance=instance)
        await self._reach("cancel", "before_answer")
        return outcome.answer

    async def mine(self, *, buyer: int, cursor: str | None, limit: int) -> MyBookings:
        """One page of the buyer's bookings, newest first. Raises `Unprocessable` for a cursor that is none."""
        after = cursors.decode(cursor) if cursor is not None else None
        rows = await repository.page(
            self._pool,
            user_id=buyer,
            before=after.created_at if after else None,
            before_id=after.booking_id if after else None,
            limit=limit + 1,  # one more tells whether there is another page
        )
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursors.Position(shown[-1]["created_at"], shown[-1]["id"]).encode() if more else None
        return MyBookings([self._booking(row) for row in shown], next_cursor)

    async def _confirm(self, connection: "Connection[asyncpg.Record]", hold_id: UUID, buyer: int) -> Outcome:
        locked = await holds.lock_hold(connection, user_id=buyer, hold_id=hold_id)
        if not locked:
            confirmed = await repository.order_of_hold(connection, user_id=buyer, hold_id=hold_id)
            if confirmed:
                return Outcome(answer(201, _order(confirmed[0]["order_id"], confirmed)))
            _, existed = await holds.what_became_of(connection, user_id=buyer, hold_id=hold_id)
            raise HoldEnded if existed else HoldNotFound
        if not all(row["is_live"] for row in locked):
            raise HoldEnded
        order_id = new_id()
        try:
            booked = await repository.confirm(connection, user_id=buyer, hold_id=hold_id, order_id=order_id)
        except asyncpg.CheckViolationError:  # it ended between our look at the clock and the database's
            raise HoldEnded from None
        if len(booked) != len(locked):
            raise HoldEnded
        booked.sort(key=lambda row: row["id"])
        return Outcome(answer(201, _order(order_id, booked)), seat_changes(booked, "booked"), {"hold_id": hold_id})

    def _booking(self, row: asyncpg.Record) -> Booking:
        return Booking(
            id=row["id"],
            order_id=row["order_id"],
            status=_booking_status(row),
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


def _order(order_id: UUID, rows: Sequence[asyncpg.Record]) -> Order:
    return Order(
        order_id=order_id,
        event_id=rows[0]["event_id"],
        bookings=[
            OrderedBooking(
                id=row["booking_id"],
                seat_id=row["id"],
                seat_number=row["seat_number"],
                status=_booking_status(row),
                price=row["price"],
                created_at=rfc3339(row["created_at"]),
            )
            for row in rows
        ],
        total=sum(row["price"] for row in rows),
        currency=rows[0]["currency"],
    )


def _booking_status(row: asyncpg.Record) -> Literal["confirmed", "cancelled"]:
    return "cancelled" if row.get("status") == "cancelled" else "confirmed"
