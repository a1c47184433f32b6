"""What can stand in the way of a hold."""

from collections.abc import Sequence
from typing import Any

from shared.chassis.problems import Conflict, NotFound, Problem


class SeatUnavailable(Conflict):
    """At least one of the seats is not free; none was held. `seats` lists every refused one with its status.

    `alternative` is a block that is as good and near (docs/best-available.md), `None` when there is none.
    """

    slug, title = "seat-unavailable", "Not every seat is available"

    def __init__(self, seats: Sequence[dict[str, Any]]) -> None:
        count = len(seats)
        super().__init__(
            f"{count} of the seats {'is' if count == 1 else 'are'} not available; none was held.",
            seats=list(seats),
            alternative=None,
        )

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The refused seats."""
        seats: list[dict[str, Any]] = self.members["seats"]
        return seats


class HoldLimitReached(Conflict):
    """The user would hold more seats of this event at once than anybody may."""

    slug, title = "hold-limit-reached", "You are holding too many seats of this event"

    def __init__(self, *, limit: int, held: int) -> None:
        super().__init__(f"You may hold {limit} seats of one event at once and hold {held}.", limit=limit, held=held)


class EventNotOnSale(Conflict):
    """Its seats are not sold, or no longer: sale ends when the event starts."""

    slug, title = "event-not-on-sale", "This event is not on sale"


class HoldNotFound(NotFound):
    """There never was such a hold, or it is somebody else's."""

    slug, title = "hold-not-found", "There is no such hold"


class HoldEnded(Problem):
    """It was this user's hold, and it is over. Its seats may still be free: hold them again."""

    status, slug, title = 410, "hold-ended", "This hold has ended"


class HoldConfirmed(Conflict):
    """The hold has become bookings; cancel those instead."""

    slug, title = "hold-confirmed", "This hold has been confirmed already"
