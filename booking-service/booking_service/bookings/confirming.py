"""Deciding about confirmations, many in one transaction, as if one came after the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import asyncpg

from booking_service.answers import Outcome, answer
from booking_service.bookings import repository
from booking_service.bookings.schemas import Order, OrderedBooking
from booking_service.holds import repository as holds
from booking_service.holds.answers import rfc3339, seat_changes
from booking_service.holds.errors import HoldEnded, HoldNotFound
from booking_service.identifiers import new_id
from booking_service.transactions import Connection
from shared.chassis.idempotency import RequestKey, request_key
from shared.chassis.problems import Problem


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The buyer's hold, named by its id or by one of its seats, is to be booked."""

    buyer: int
    hold_id: UUID | None
    seat_id: int | None


def confirmation_key(user_id: int, key: str | None, *, hold_id: UUID | None, seat_id: int | None) -> RequestKey | None:
    """The key of the request to confirm what was named so, or `None` without a `key`."""
    named = {"hold_id": str(hold_id) if hold_id else None, "seat_id": seat_id}
    return request_key(user_id, key, "confirm", named)


Owned = tuple[int, UUID]
"""(buyer, hold)."""


async def decide(connection: "Connection[asyncpg.Record]", requests: Sequence[Confirmation]) -> list[Outcome | Problem]:
    """See `BatchedWriter`: an order, or `HoldEnded`, `HoldNotFound`.

    A hold that was confirmed before, be it in this very batch, gives the same order again.
    """
    named = [await _named(connection, request) for request in requests]
    wanted = dict.fromkeys(owned for owned in named if owned is not None)  # each once, in the order of the requests
    locked = _by_hold(await holds.lock_holds(connection, wanted)) if wanted else {}
    live = {owned: len(rows) for owned, rows in locked.items() if all(row["is_live"] for row in rows)}
    verdicts: dict[Owned, Outcome | Problem] = {**await _confirm(connection, live)}
    for owned in wanted:
        if owned not in verdicts:
            verdicts[owned] = HoldEnded() if owned in locked else await _confirmed_before(connection, *owned)
    return _told_once(named, verdicts)


async def _named(connection: "Connection[asyncpg.Record]", request: Confirmation) -> Owned | None:
    hold_id = request.hold_id
    if hold_id is None:
        hold_id = await holds.latest_hold_of_seat(connection, user_id=request.buyer, seat_id=request.seat_id or 0)
    return (request.buyer, hold_id) if hold_id is not None else None


async def _confirm(connection: "Connection[asyncpg.Record]", live: Mapping[Owned, int]) -> dict[Owned, Outcome]:
    """The orders of these holds, of each of which so many seats are locked."""
    if not live:
        return {}
    try:
        rows = await repository.confirm(connection, [(*owned, new_id()) for owned in live])
    except asyncpg.CheckViolationError:  # one ended between our look at the clock and the database's
        raise HoldEnded from None
    booked = _by_hold(rows)
    if any(len(booked.get(owned, ())) != seats for owned, seats in live.items()):
        raise HoldEnded
    return {
        owned: Outcome(answer(201, order_answer(seats)), seat_changes(seats, "booked"), {"hold_id": owned[1]})
        for owned, seats in booked.items()
    }


async def _confirmed_before(connection: "Connection[asyncpg.Record]", buyer: int, hold_id: UUID) -> Outcome | Problem:
    """What to say of a hold under which nothing is held (any more)."""
    confirmed = await repository.order_of_hold(connection, user_id=buyer, hold_id=hold_id)
    if confirmed:
        return Outcome(answer(201, order_answer(confirmed)))
    _, existed = await holds.what_became_of(connection, user_id=buyer, hold_id=hold_id)
    return HoldEnded() if existed else HoldNotFound()


def _told_once(named: Sequence[Owned | None], verdicts: dict[Owned, Outcome | Problem]) -> list[Outcome | Problem]:
    """The verdict for each request. The changes of a hold that two requests confirm are the first one's."""
    told: list[Outcome | Problem] = []
    for owned in named:
        if owned is None:
            told.append(HoldNotFound())
            continue
        verdict = verdicts[owned]
        told.append(verdict)
        if isinstance(verdict, Outcome):
            verdicts[owned] = Outcome(verdict.answer)
    return told


def _by_hold(rows: Iterable[asyncpg.Record]) -> dict[Owned, list[asyncpg.Record]]:
    """The rows of each hold, by seat. By its owner too: a stranger may name the same hold in the same batch."""
    groups: dict[Owned, list[asyncpg.Record]] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        groups.setdefault((row["user_id"], row["hold_id"]), []).append(row)
    return groups


def order_answer(rows: Sequence[asyncpg.Record]) -> Order:
    """The order of `rows`: its bookings with their seats."""
    return Order(
        order_id=rows[0]["order_id"],
        event_id=rows[0]["event_id"],
        bookings=[
            OrderedBooking(
                id=row["booking_id"],
                seat_id=row["id"],
                seat_number=row["seat_number"],
                status=booking_status(row),
                price=row["price"],
                created_at=rfc3339(row["created_at"]),
            )
            for row in rows
        ],
        total=sum(row["price"] for row in rows),
        currency=rows[0]["currency"],
    )


def booking_status(row: asyncpg.Record) -> Literal["confirmed", "cancelled"]:
    """Of a row that may have no status: then it was made just now."""
    return "cancelled" if row.get("status") == "cancelled" else "confirmed"
