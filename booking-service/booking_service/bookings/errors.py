"""What can stand in the way of a booking."""

from typing import Any

from shared.chassis.problems import Conflict, NotFound


class BookingNotFound(NotFound):
    """There is no such booking, or it is somebody else's."""

    slug, title = "booking-not-found", "There is no such booking"


class TicketUsed(Conflict):
    """The booking's ticket has let somebody in: at `admitted_at` (RFC 3339), at `gate` (`None`: it has no name)."""

    slug, title = "ticket-used", "This ticket has been used"

    def __init__(self, *, admitted_at: str, gate: str | None, seat: dict[str, Any]) -> None:
        where = f" at {gate}" if gate else ""
        super().__init__(f"It let somebody in{where}.", admitted_at=admitted_at, gate=gate, seat=seat)
