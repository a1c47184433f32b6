"""Why an event may not be deleted."""

from shared.chassis.problems import Conflict


class EventHasBookings(Conflict):
    """Somebody has bought a seat. `confirmed_bookings` says how many seats are sold; `?force=true` deletes anyway."""

    slug, title = "event-has-bookings", "The event has confirmed bookings"

    def __init__(self, confirmed_bookings: int) -> None:
        super().__init__(
            f"{confirmed_bookings} confirmed booking(s) would be lost. Delete with ?force=true to remove them as well; "
            "the audit log then keeps what is to be refunded.",
            confirmed_bookings=confirmed_bookings,
        )
