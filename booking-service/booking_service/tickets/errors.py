"""What can stand in the way of a ticket."""

from shared.chassis.problems import Problem


class BookingCancelled(Problem):
    """It was this user's booking; its seat has gone back on sale, and nothing can be shown for it."""

    status, slug, title = 410, "booking-cancelled", "This booking was cancelled"
