"""Hand-made histories: a small run that is right, and ways to plant one fault in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chaos.checker import check
from chaos.checker.history import History
from chaos.records import (
    Audited,
    BookingRow,
    End,
    Kind,
    LedgerRow,
    MyBookings,
    Quiet,
    Record,
    SeatRow,
    Seen,
    Start,
    Try,
)

ANN, BEN = 1, 2
EPOCH = 1000.0
"""The wall clock at instant 0 of CLOCK_MONOTONIC."""
HOLD_S = 2.0


@dataclass
class Story:
    """Records, made in the order in which a test tells them. Instants are seconds of CLOCK_MONOTONIC."""

    records: list[Record] = field(default_factory=list)
    _keys: int = 0

    def __post_init__(self) -> None:
        self.records.append(
            Start(seed=1, seconds=60, instances=3, hold_s=HOLD_S, hold_max_s=6, event_id=1, at=0, epoch_at_zero=EPOCH)
        )

    def tried(
        self,
        kind: Kind,
        who: int,
        at: tuple[float, float],
        status: int | None,
        body: Any = None,
        *,
        key: str = "",
        **asked: Any,
    ) -> str:
        """A try, from and until `at`; returns its key."""
        self._keys += 1
        key = key or f"key {self._keys}"
        self.records.append(
            Try(
                key=key,
                kind=kind,
                user_id=who,
                part="booking",
                asked=asked,
                invoke=at[0],
                returned=at[1],
                status=status,
                body=body,
            )
        )
        return key

    def held(self, who: int, hold: str, at: tuple[float, float], seats: dict[int, int], *, key: str = "") -> str:
        """An acknowledged hold of seats, with their versions."""
        return self.tried("hold", who, at, 201, hold_body(hold, seats), key=key, seats=sorted(seats))

    def row(
        self,
        seat: int,
        version: int,
        step: str,
        at: float,
        *,
        who: int,
        hold: str,
        xid: int,
        booking: int | None = None,
    ) -> None:
        """A ledger row; `step` such as "available>held"."""
        old, new = step.split(">")
        self.records.append(
            LedgerRow(
                seat_id=seat,
                version=version,
                event_id=1,
                old_status=old,
                new_status=new,
                hold_id=hold,
                hold_expiry_epoch=EPOCH + at + HOLD_S if new == "held" else EPOCH + 100,
                user_id=who,
                booking_id=booking,
                xid=xid,
                at_epoch=EPOCH + at,
            )
        )

    def seat(self, seat: int, status: str, version: int, *, hold: str | None = None) -> None:
        """A seat at the end."""
        self.records.append(
            SeatRow(seat_id=seat, event_id=1, status=status, version=version, hold_id=hold, booking_id=None)
        )

    def rules_broken(self) -> set[str]:
        """What the checker finds."""
        return {violation.rule for violation in check(History([*self.records, End(60, 50)]))}


def hold_body(hold: str, seats: dict[int, int]) -> dict[str, Any]:
    """The answer to a hold or an extension."""
    return {
        "hold_id": hold,
        "event_id": 1,
        "seats": [{"seat_id": seat, "version": version} for seat, version in seats.items()],
    }


def order_body(bookings: dict[int, int]) -> dict[str, Any]:
    """The answer to a confirmation: seats by booking."""
    return {"event_id": 1, "bookings": [{"id": booking, "seat_id": seat} for booking, seat in bookings.items()]}


def a_good_evening() -> Story:
    """Ann holds seats 1 and 2 and confirms them; Ben is refused seat 1, holds seat 3, lets it go, and Ann cancels."""
    story = Story()
    story.held(ANN, "h1", (1.0, 1.2), {1: 1, 2: 1})
    story.tried("hold", BEN, (1.1, 1.3), 409, {"seats": [{"seat_id": 1}]}, seats=[1])
    story.tried("confirm", ANN, (1.5, 1.7), 201, order_body({71: 1, 72: 2}), hold_id="h1")
    story.held(BEN, "h2", (2.0, 2.2), {3: 1})
    story.tried("release", BEN, (2.5, 2.6), 204, hold_id="h2")
    story.tried("cancel", ANN, (3.0, 3.2), 200, {"id": 72}, booking_id=72)
    story.tried("look", 0, (3.5, 3.6), 200, [[1, "booked", 2], [2, "available", 3], [3, "available", 2]], event_id=1)
    for seat, booking in ((1, 71), (2, 72)):
        story.row(seat, 1, "available>held", 1.1, who=ANN, hold="h1", xid=10)
        story.row(seat, 2, "held>booked", 1.6, who=ANN, hold="h1", xid=12, booking=booking)
    story.row(2, 3, "booked>available", 3.1, who=ANN, hold="h1", xid=15, booking=72)
    story.row(3, 1, "available>held", 2.1, who=BEN, hold="h2", xid=13)
    story.row(3, 2, "held>available", 2.55, who=BEN, hold="h2", xid=14)
    story.seat(1, "booked", 2)
    story.seat(2, "available", 3)
    story.seat(3, "available", 2)
    first = Seen("viewer", 1, 0.5, True, [(1, "available", 0), (2, "available", 0), (3, "available", 0)])
    story.records += [
        first,
        Seen("viewer", 1, 1.2, False, [(1, "held", 1)]),
        BookingRow(71, ANN, 1, "h1", "confirmed"),
        BookingRow(72, ANN, 2, "h1", "cancelled"),
        MyBookings(ANN, [(72, "cancelled"), (71, "confirmed")]),
        MyBookings(BEN, []),
        Quiet("viewer", 0.1, []),
        Audited(22, [], []),
    ]
    return story


def replaced(story: Story, find: Callable[[Any], bool], **changes: Any) -> Story:
    """The same story with the one record that `find` finds changed."""
    found = [number for number, record in enumerate(story.records) if find(record)]
    assert len(found) == 1, found
    story.records[found[0]] = msgspec.structs.replace(story.records[found[0]], **changes)
    return story


def without(story: Story, find: Callable[[Any], bool]) -> Story:
    """The same story without the records that `find` finds; there is at least one."""
    kept = [record for record in story.records if not find(record)]
    assert len(kept) < len(story.records)
    story.records = kept
    return story
