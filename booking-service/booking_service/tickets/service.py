"""Giving out tickets."""

from uuid import UUID

import msgspec

from booking_service.bookings.errors import BookingNotFound
from booking_service.bookings.schemas import BookedEvent, BookedSeat
from booking_service.bookings.service import BookingService
from booking_service.tickets.errors import BookingCancelled
from shared.contracts.ticket_codes import Ticket as Signed
from shared.contracts.ticket_codes import TicketCodes


class Ticket(msgspec.Struct, frozen=True):
    """A confirmed booking with its signed code."""

    booking_id: int
    order_id: UUID
    code: str
    price: int
    currency: str
    event: BookedEvent
    seat: BookedSeat


class TicketService:
    """Signs tickets of confirmed bookings. Nothing is stored: the same booking gives the same code."""

    def __init__(self, *, bookings: BookingService, codes: TicketCodes) -> None:
        self._bookings = bookings
        self._codes = codes

    async def of(self, booking_id: int, *, holder: int) -> Ticket:
        """The ticket of the holder's booking. Raises `BookingNotFound`, `BookingCancelled`."""
        booking = await self._bookings.one(booking_id, buyer=holder)
        if booking is None:
            raise BookingNotFound
        if booking.status == "cancelled":
            raise BookingCancelled
        return Ticket(
            booking_id=booking.id,
            order_id=booking.order_id,
            code=self._codes.sign(Signed(event_id=booking.event.id, booking_id=booking.id)),
            price=booking.price,
            currency=booking.currency,
            event=booking.event,
            seat=booking.seat,
        )
