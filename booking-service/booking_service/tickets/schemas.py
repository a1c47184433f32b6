"""Tickets on the wire."""

from uuid import UUID

from pydantic import Field

from booking_service.bookings.schemas import BookedEventOut, BookedSeatOut
from shared.chassis.fields import Output


class TicketOut(Output):
    """A ticket, as documented."""

    booking_id: int = Field(examples=[7001])
    order_id: UUID
    code: str = Field(
        description="Signed; draw it as a QR code. It says which event and booking it is for, and stays the same.",
        examples=["FR1FKNR4GSSWCN6Q2PD5L7ZJ4M3X2YA"],
    )
    price: int = Field(description="Minor units of `currency`.", examples=[4500])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    event: BookedEventOut
    seat: BookedSeatOut
