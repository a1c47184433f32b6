"""What the model remembers: seats, holds, orders, bookings and who was let in; and the refusals that it knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.stateful.requests import Answer

INVALID = Answer(422, "invalid-request")
KEY_REUSED = Answer(422, "idempotency-key-reused")
SEATS_OF_TWO_EVENTS = Answer(422, "seats-of-two-events")
SEAT_NOT_FOUND = Answer(404, "seat-not-found")
HOLD_NOT_FOUND = Answer(404, "hold-not-found")
HOLD_ENDED = Answer(410, "hold-ended")
HOLD_CONFIRMED = Answer(409, "hold-confirmed")
BOOKING_NOT_FOUND = Answer(404, "booking-not-found")
EVENT_NOT_FOUND = Answer(404, "not-found")
NOT_ON_SALE = Answer(409, "event-not-on-sale")
NOT_AN_ADMIN = Answer(403, "forbidden")
NOT_ENOUGH = Answer(409, "not-enough-seats")
TICKET_UNKNOWN = Answer(404, "ticket-unknown")
BOOKING_CANCELLED = Answer(410, "booking-cancelled")
DONE = Answer(204)


@dataclass(frozen=True)
class Terms:
    """What a sale is bound to. Durations in seconds, prices in minor units."""

    hold_lasts_s: int = 3600
    hold_lasts_at_most_s: int = 9000
    seats_per_hold: int = 4
    seats_per_user: int = 4
    """That one user may hold at once in one event."""
    price: int = 4500


@dataclass
class ModelSeat:
    """A seat: free without `hold` and `booking`, held, or booked."""

    event: int
    version: int = 0
    hold: "ModelHold | None" = None
    booking: "ModelBooking | None" = None

    @property
    def status(self) -> str:
        """As its row says: the seats of an ended hold are held until somebody takes them or a sweep comes."""
        return "booked" if self.booking else "held" if self.hold else "available"


@dataclass
class ModelHold:
    """A hold that was placed once. `order` is what it was confirmed to."""

    number: int
    user: int
    event: int
    seats: tuple[int, ...]
    began_at: int
    ends_at: int
    order: "ModelOrder | None" = None


@dataclass
class ModelOrder:
    """The bookings of one confirmed hold."""

    number: int
    user: int
    event: int
    bookings: "Sequence[ModelBooking]" = ()


@dataclass(frozen=True)
class ModelEntry:
    """Somebody was let in: when, at which gate, and by which administrator's scanner."""

    at: int
    gate: str | None
    admin: int


@dataclass
class ModelBooking:
    """The sale of one seat. `entry`: its ticket is used."""

    number: int
    order: ModelOrder
    seat: int
    created_at: int
    cancelled_at: int | None = None
    entry: ModelEntry | None = None

    @property
    def status(self) -> str:
        """`confirmed`, then perhaps `cancelled`."""
        return "confirmed" if self.cancelled_at is None else "cancelled"
