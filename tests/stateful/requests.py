"""What people ask, and what they are answered, in words that model and service share: small numbers instead of ids."""

from dataclasses import dataclass, replace
from typing import Self

UNKNOWN = -1
"""The number of a hold or a booking that there never was."""


@dataclass(frozen=True)
class Request:
    """Something that a user asks; `key` is its idempotency key."""

    user: int
    key: str | None = None

    def meaning(self) -> Self:
        """What makes it this request and no other: the same for two requests that mean the same."""
        return replace(self, key=None)


@dataclass(frozen=True)
class PlaceHold(Request):
    """Hold these seats, in the order in which they are named."""

    seats: tuple[int, ...] = ()

    def meaning(self) -> Self:
        """The order of the seats means nothing."""
        return replace(super().meaning(), seats=tuple(sorted(self.seats)))


@dataclass(frozen=True)
class HoldBest(Request):
    """Hold so many of the best places of the event: which ones, the service says."""

    event: int = 0
    quantity: int = 1


@dataclass(frozen=True)
class ReleaseHold(Request):
    """Give the hold back."""

    hold: int = UNKNOWN


@dataclass(frozen=True)
class ExtendHold(Request):
    """More time for the hold."""

    hold: int = UNKNOWN


@dataclass(frozen=True)
class ConfirmHold(Request):
    """Book the seats of the hold."""

    hold: int = UNKNOWN


@dataclass(frozen=True)
class ConfirmSeat(Request):
    """Book the seats of my hold of this seat."""

    seat: int = UNKNOWN


@dataclass(frozen=True)
class CancelBooking(Request):
    """Cancel the booking."""

    booking: int = UNKNOWN


@dataclass(frozen=True)
class CheckIn(Request):
    """Let in whoever shows the ticket of this booking at the door of this event; without a booking, a made up code."""

    booking: int = UNKNOWN
    event: int = 0
    gate: str | None = None
    told_at: int | None = None
    """When a scanner without network let them in, which it tells now; by a clock of its own."""


@dataclass(frozen=True)
class Hold:
    """A hold as its holder is told of it. Instants are seconds of the model's clock."""

    hold: int
    event: int
    seats: tuple[tuple[int, int], ...]
    """Of each its number and its version."""
    total: int
    expires_at: int
    expires_in: int
    extendable_until: int


@dataclass(frozen=True)
class Order:
    """An order as its buyer is told of it."""

    order: int
    event: int
    bookings: tuple[tuple[int, int, str], ...]
    """Of each its number, its seat and its status."""
    total: int


@dataclass(frozen=True)
class Booking:
    """A booking as its buyer is told of it."""

    booking: int
    order: int
    event: int
    seat: int
    status: str
    created_at: int
    cancelled_at: int | None


@dataclass(frozen=True)
class Admission:
    """Somebody is let in."""

    booking: int
    event: int
    seat: int
    gate: str | None
    admitted_at: int


@dataclass(frozen=True)
class Answer:
    """An answer: its status, the slug of its problem, and what it says."""

    status: int
    problem: str | None = None
    content: object = None
