"""The rules of holds, pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from booking_service.holds.errors import EventNotOnSale, HoldLimitReached, SeatUnavailable
from booking_service.seat_directory import SeatNotFound
from shared.chassis.problems import Problem
from shared.contracts.live_messages import SeatStatus


@dataclass(slots=True)
class WantedSeat:
    """A seat as whoever wants it finds it. An ended hold is none: `status` is then `available`."""

    id: int
    seat_number: str
    status: SeatStatus
    version: int
    held_by: int | None
    on_sale: bool
    """Whether its event is."""


@dataclass(slots=True)
class Sale:
    """The seats that some requests want, and how many seats each asker holds of the event already.

    Changes with every hold that it grants, so that requests are decided about as if one came after the other.
    """

    seats: dict[int, WantedSeat]
    held: dict[tuple[int, int], int] = field(default_factory=dict)
    """By (user, event)."""

    def hold(self, seat_ids: Sequence[int], *, holder: int, event_id: int, limit: int) -> Problem | None:
        """Hold all of `seat_ids` for `holder`, or none: `None`, or why not."""
        there = [self.seats[seat_id] for seat_id in seat_ids if seat_id in self.seats]
        if len(there) != len(seat_ids):
            return SeatNotFound(seats=[{"seat_id": seat_id} for seat_id in seat_ids if seat_id not in self.seats])
        if not there[0].on_sale:
            return EventNotOnSale()
        if refused := refused_seats(there, asker=holder):
            return SeatUnavailable(refused)
        held = self.held.get((holder, event_id), 0)
        if not fits_the_limit(asked=len(seat_ids), held=held, limit=limit):
            return HoldLimitReached(limit=limit, held=held)
        self.held[(holder, event_id)] = held + len(seat_ids)
        for seat in there:
            seat.status, seat.version, seat.held_by = "held", seat.version + 1, holder
        return None


def fits_the_limit(*, asked: int, held: int, limit: int) -> bool:
    """May somebody who holds `held` seats of an event hold `asked` more?"""
    return held + asked <= limit


def extended_end(*, now: datetime, end: datetime, began: datetime, duration: timedelta, longest: timedelta) -> datetime:
    """The end of a hold that is extended at `now`: a full `duration` again, at most `longest` after it began.

    Never earlier than the `end` it has. (WCAG 2.2.1 asks for an extension; the cap keeps seats from being kept away
    from others without end.)
    """
    return max(end, min(now + duration, began + longest))


def refused_seats(seats: Iterable[WantedSeat], *, asker: int) -> list[dict[str, Any]]:
    """What a refused asker may know of the seats that were not free: never who has them, only whether it is they."""
    return [
        {
            "seat_id": seat.id,
            "seat_number": seat.seat_number,
            "status": seat.status,
            "version": seat.version,
            "yours": seat.held_by == asker,
        }
        for seat in seats
        if seat.status != "available"
    ]
