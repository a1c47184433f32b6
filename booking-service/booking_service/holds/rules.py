"""The rules of holds, pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from booking_service.holds.errors import EventNotOnSale, HoldLimitReached, SeatUnavailable
from booking_service.seat_directory import SeatNotFound
from shared.chassis.problems import Problem
from shared.contracts.live_messages import SeatStatus


@dataclass(frozen=True, slots=True)
class WantedSeat:
    """A seat as whoever wants it finds it. An ended hold is none: `status` is then `available`."""

    id: int
    seat_number: str
    status: SeatStatus
    version: int
    held_by: int | None
    on_sale: bool
    """Whether its event is."""


def why_not(
    seats: Mapping[int, WantedSeat], seat_ids: Sequence[int], *, asker: int, held: int | None, limit: int
) -> Problem | None:
    """Why somebody who holds `held` seats of the event cannot hold all of `seat_ids`; `None`: nothing is in the way.

    Says in words what `taking.TAKE` has decided. Without `held`, nothing is said of the limit.
    """
    there = [seats[seat_id] for seat_id in seat_ids if seat_id in seats]
    if len(there) != len(seat_ids):
        return SeatNotFound(seats=[{"seat_id": seat_id} for seat_id in seat_ids if seat_id not in seats])
    if not there[0].on_sale:
        return EventNotOnSale()
    if refused := refused_seats(there, asker=asker):
        return SeatUnavailable(refused)
    if held is not None and held + len(seat_ids) > limit:
        return HoldLimitReached(limit=limit, held=held)
    return None


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
