"""What can stand in the way of a booking."""

from shared.chassis.problems import NotFound


class BookingNotFound(NotFound):
    """There is no such booking, or it is somebody else's."""

    slug, title = "booking-not-found", "There is no such booking"
