"""What can stand in the way of a ticket."""

from shared.chassis.problems import Problem


class BookingCancelled(Problem):
    """Its seat has gone back on sale: its owner has nothing to show for it, and the door lets nobody in with it."""

    status, slug, title = 410, "booking-cancelled", "This booking was cancelled"
