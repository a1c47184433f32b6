"""Letting people in, and telling how many have come."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import asyncpg
import msgspec

from booking_service.answers import Answer, Outcome, answer, refusal
from booking_service.bookings.errors import TicketUsed
from booking_service.bookings.schemas import BookedSeat
from booking_service.check_in import repository
from booking_service.check_in.errors import TicketForAnotherEvent, TicketUnknown
from booking_service.check_in.rules import Entry, is_the_same_entry, lies_in_the_future
from booking_service.check_in.schemas import (
    Admission,
    Door,
    DoubleEntry,
    FirstEntry,
    KnownTicket,
    KnownTickets,
    OtherEvent,
    Scan,
    SecondEntry,
    TicketState,
)
from booking_service.failpoints import Reach, pass_by
from booking_service.holds.answers import rfc3339
from booking_service.tickets.errors import BookingCancelled
from booking_service.transactions import Connection, Writer
from shared.chassis.idempotency import RequestKey, request_key
from shared.chassis.problems import NotFound, Problem, Unprocessable
from shared.clock import utc_now
from shared.contracts.ticket_codes import InvalidTicketCode, Ticket, TicketCodes

PORTION = 500
"""Tickets of a list that are worked on before others have their turn: about 5 ms."""


def scan_key(user_id: int, key: str | None, scan: Scan) -> RequestKey | None:
    """The key of the request to let in whoever shows this, or `None` without a `key`."""
    return request_key(user_id, key, "check-in", scan.model_dump(mode="json"))


class CheckInService:
    """What happens at the door of an event."""

    def __init__(
        self,
        *,
        writer: Writer,
        codes: TicketCodes,
        now: Callable[[], datetime] = utc_now,
        reach: Reach = pass_by,
    ) -> None:
        self._writer = writer
        self._codes = codes
        self._now = now
        self._reach = reach

    async def admit(self, scan: Scan, *, admin: int, key: RequestKey | None, instance: str) -> Answer:
        """Let in whoever shows this code. Of many who show the same one at the same time, one is let in.

        Raises `Unprocessable`, `TicketUnknown`, `TicketForAnotherEvent`, `TicketUsed`, `BookingCancelled`. What a
        scanner without network did is a fact: where it contradicts what we know, the answer is the same refusal, and
        the double entry is recorded.
        """
        if scan.scanned_at and lies_in_the_future(scan.scanned_at, now=self._now()):
            wrong = {"loc": ["body", "scanned_at"], "msg": "must not be in the future"}
            raise Unprocessable("Check scanned_at.", errors=[wrong])

        async def work(connection: "Connection[asyncpg.Record]") -> Outcome:
            ticket = self._read(scan.code)
            if ticket.event_id == scan.event_id and (row := await self._mark_admitted(connection, ticket, scan, admin)):
                return Outcome(answer(200, _admission(row)))
            row = await repository.booking(
                connection,
                booking_id=ticket.booking_id,
                event_id=ticket.event_id,
                lock=scan.scanned_at is not None,
            )
            if row is None:
                raise TicketUnknown
            if ticket.event_id != scan.event_id:
                raise TicketForAnotherEvent(msgspec.to_builtins(_other_event(row)))
            if scan.scanned_at is None:
                raise _refused(row)
            if _told_before(row, Entry(scan.scanned_at, scan.gate, admin)):
                return Outcome(answer(200, _admission(row)))
            await repository.record_double_entry(
                connection,
                booking_id=ticket.booking_id,
                event_id=ticket.event_id,
                gate=scan.gate,
                scanned_at=scan.scanned_at,
                admin=admin,
            )
            return Outcome(refusal(_refused(row), instance))  # not raised: what was recorded stays

        outcome = await self._writer.write(work, operation="admit", key=key, instance=instance)
        await self._reach("admit", "before_answer")
        return outcome.answer

    async def door(self, event_id: int) -> Door:
        """The event's numbers at this moment. Raises `NotFound`, and what asyncpg raises."""
        async with self._writer.connection() as connection:
            event, double_entries = await repository.door(connection, event_id)
        if event is None or double_entries is None:
            raise NotFound
        return Door(
            event_id=event_id,
            name=event["name"],
            start_time=rfc3339(event["start_time"]),
            time_zone=event["time_zone"],
            sold=event["sold"],
            admitted=event["admitted"],
            double_entries=[
                DoubleEntry(
                    seat=_seat(row),
                    first=_first(row),
                    second=SecondEntry(row["gate"], rfc3339(row["scanned_at"])),
                )
                for row in double_entries
            ],
        )

    async def tickets(self, event_id: int) -> KnownTickets:
        """What a scanner needs to go on without network. Raises `NotFound`, and what asyncpg raises."""
        async with self._writer.connection() as connection:
            as_of, rows = await repository.tickets(connection, event_id)
        if as_of is None or rows is None:
            raise NotFound
        tickets: list[KnownTicket] = []
        for start in range(0, len(rows), PORTION):
            tickets += [known for row in rows[start : start + PORTION] for known in self._known(event_id, row)]
            await asyncio.sleep(0)
        return KnownTickets(event_id, rfc3339(as_of), tickets)

    def _read(self, code: str) -> Ticket:
        try:
            return self._codes.verify(code)
        except InvalidTicketCode:
            raise TicketUnknown from None

    async def _mark_admitted(
        self, connection: "Connection[asyncpg.Record]", ticket: Ticket, scan: Scan, admin: int
    ) -> asyncpg.Record | None:
        return await repository.mark_admitted(
            connection,
            booking_id=ticket.booking_id,
            event_id=ticket.event_id,
            at=scan.scanned_at,
            gate=scan.gate,
            admin=admin,
        )

    def _known(self, event_id: int, row: asyncpg.Record) -> list[KnownTicket]:
        """The ticket of a booking: once, or once for each secret that it may have been printed under."""
        admitted_at = rfc3339(row["admitted_at"]) if row["admitted_at"] else None
        return [
            KnownTicket(
                id=fingerprint,
                seat_number=row["seat_number"],
                section=row["section"],
                row=row["row_label"],
                state=_state(row),
                admitted_at=admitted_at,
                gate=row["admitted_gate"],
            )
            for fingerprint in self._codes.fingerprints(Ticket(event_id, row["booking_id"]))
        ]


def _state(row: asyncpg.Record) -> TicketState:
    if row["status"] == "cancelled":
        return "cancelled"
    return "used" if row["admitted_at"] else "valid"


def _told_before(row: asyncpg.Record, told: Entry) -> bool:
    known = Entry(row["admitted_at"], row["admitted_gate"], row["admitted_by"]) if row["admitted_at"] else None
    return known is not None and is_the_same_entry(told, known)


def _refused(row: asyncpg.Record) -> Problem:
    """Why nobody is let in with this ticket, which is used or cancelled."""
    seat = msgspec.to_builtins(_seat(row))
    if row["status"] == "cancelled":
        return BookingCancelled(seat=seat)
    return TicketUsed(admitted_at=rfc3339(row["admitted_at"]), gate=row["admitted_gate"], seat=seat)


def _admission(row: asyncpg.Record) -> Admission:
    return Admission(
        booking_id=row["booking_id"],
        event_id=row["event_id"],
        seat=_seat(row),
        gate=row["admitted_gate"],
        admitted_at=rfc3339(row["admitted_at"]),
    )


def _first(row: asyncpg.Record) -> FirstEntry | None:
    return FirstEntry(row["admitted_gate"], rfc3339(row["admitted_at"])) if row["admitted_at"] else None


def _seat(row: asyncpg.Record) -> BookedSeat:
    return BookedSeat(
        id=row["seat_id"],
        seat_number=row["seat_number"],
        section=row["section"],
        row=row["row_label"],
        category=row["category"],
    )


def _other_event(row: asyncpg.Record) -> OtherEvent:
    return OtherEvent(
        id=row["event_id"],
        name=row["name"],
        venue=row["venue"],
        city=row["city"],
        start_time=rfc3339(row["start_time"]),
        time_zone=row["time_zone"],
    )
