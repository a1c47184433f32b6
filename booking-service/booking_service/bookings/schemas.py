"""Bookings on the wire."""

from typing import Literal, Self
from uuid import UUID

import msgspec
from pydantic import ConfigDict, Field, model_validator

from booking_service.holds.schemas import HoldId
from shared.chassis.fields import EntityId, Input, Instant, Output


class ConfirmBooking(Input):
    """The hold to confirm, named by its id or by one of its seats."""

    hold_id: HoldId | None = None
    seat_id: EntityId | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"hold_id": "0199f1f0-3c5e-7cc2-9a57-0d8a6f0c2c11"}, {"seat_id": 1201}]}
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.hold_id is None) == (self.seat_id is None):
            raise ValueError("give either hold_id or seat_id")
        return self


class OrderedBooking(msgspec.Struct, frozen=True):
    """One booking of an order. `price` in minor units."""

    id: int
    seat_id: int
    seat_number: str
    status: Literal["confirmed", "cancelled"]
    price: int
    created_at: str


class Order(msgspec.Struct, frozen=True):
    """The bookings that were confirmed together."""

    order_id: UUID
    event_id: int
    bookings: list[OrderedBooking]
    total: int
    currency: str


class BookedEvent(msgspec.Struct, frozen=True):
    """The event of a booking."""

    id: int
    name: str
    event_type: str
    venue: str
    city: str
    start_time: str
    time_zone: str
    image_url: str


class BookedSeat(msgspec.Struct, frozen=True):
    """The seat of a booking."""

    id: int
    seat_number: str
    section: str
    row: str
    category: str


class Booking(msgspec.Struct, frozen=True):
    """A booking with its event and seat."""

    id: int
    order_id: UUID
    status: Literal["confirmed", "cancelled"]
    price: int
    currency: str
    created_at: str
    cancelled_at: str | None
    event: BookedEvent
    seat: BookedSeat


class MyBookings(msgspec.Struct, frozen=True):
    """One page of a user's bookings. `next_cursor` is empty on the last."""

    items: list[Booking]
    next_cursor: str | None


class OrderedBookingOut(Output):
    """One booking of an order."""

    id: int = Field(examples=[7001])
    seat_id: int = Field(examples=[1201])
    seat_number: str = Field(examples=["STALLS-A-12"])
    status: Literal["confirmed", "cancelled"]
    price: int = Field(description="Minor units of `currency`.", examples=[4500])
    created_at: Instant


class OrderOut(Output):
    """An order, as documented."""

    order_id: UUID
    event_id: int = Field(examples=[42])
    bookings: list[OrderedBookingOut]
    total: int = Field(description="Minor units of `currency`.", examples=[9000])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


class BookedEventOut(Output):
    """The event of a booking."""

    id: int
    name: str
    event_type: str
    venue: str
    city: str
    start_time: Instant
    time_zone: str = Field(description="Where the venue's clocks run (IANA).", examples=["Europe/Berlin"])
    image_url: str


class BookedSeatOut(Output):
    """The seat of a booking."""

    id: int
    seat_number: str
    section: str
    row: str
    category: str


class BookingOut(Output):
    """A booking, as documented."""

    id: int = Field(examples=[7001])
    order_id: UUID
    status: Literal["confirmed", "cancelled"]
    price: int = Field(description="Minor units of `currency`.", examples=[4500])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    created_at: Instant
    cancelled_at: Instant | None
    event: BookedEventOut
    seat: BookedSeatOut


class MyBookingsOut(Output):
    """One page of my bookings, as documented."""

    items: list[BookingOut]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last.")
