"""Why somebody is not let in. `TicketUsed` and `BookingCancelled` are others' too."""

from typing import Any

from shared.chassis.problems import Conflict, NotFound


class TicketUnknown(NotFound):
    """The code is none of ours, or its booking went with its event. The answer does not tell which."""

    slug, title = "ticket-unknown", "This is no ticket of ours"


class TicketForAnotherEvent(Conflict):
    """It is a ticket, for the `event` that stands in the answer."""

    slug, title = "ticket-for-another-event", "This ticket is for another event"

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__(f"It is for {event['name']}.", event=event)
