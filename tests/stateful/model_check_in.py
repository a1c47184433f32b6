"""The door as it should be: who is let in, and whom two doors have let in with one ticket (ADR-0035). Pure."""

from collections.abc import Sequence

from tests.stateful.model_state import BOOKING_CANCELLED, TICKET_UNKNOWN, ModelBooking, ModelEntry
from tests.stateful.requests import Admission, Answer, CheckIn

SAME_ENTRY_WITHIN_S = 60


class ModelDoor:
    """Every entry that was one too many, oldest first; the others stand with their bookings."""

    def __init__(self) -> None:
        self._double: list[tuple[ModelBooking, ModelEntry]] = []

    def admit(self, request: CheckIn, booking: ModelBooking | None, *, now: int) -> Answer:
        """Use the ticket, or say why not."""
        if booking is None:
            return TICKET_UNKNOWN
        if booking.order.event != request.event:
            return Answer(409, "ticket-for-another-event", booking.order.event)
        entry = ModelEntry(now if request.told_at is None else request.told_at, request.gate, request.user)
        if booking.status == "confirmed" and booking.entry is None:
            booking.entry = entry
            return _let_in(booking, entry)
        if request.told_at is not None:
            if booking.entry and _is_the_same(entry, booking.entry):
                return _let_in(booking, booking.entry)
            if (booking, entry) not in self._double:
                self._double.append((booking, entry))
        return used(booking.entry) if booking.entry else BOOKING_CANCELLED

    def told(self, event: int, bookings: Sequence[ModelBooking]) -> object:
        """The event's numbers: sold, admitted, and of each double entry the seat, the entry that counts and the other
        one, newest first."""
        sold = [booking for booking in bookings if booking.status == "confirmed"]
        double = [(b.seat, b.entry and _said(b.entry), _said(e)) for b, e in self._double if b.order.event == event]
        return len(sold), sum(booking.entry is not None for booking in sold), tuple(reversed(double))

    def known(self, bookings: Sequence[ModelBooking]) -> object:
        """Of each ticket its booking, its state, and who came with it."""
        return frozenset((b.number, _state(b), b.entry and _said(b.entry)) for b in bookings)


def used(entry: ModelEntry) -> Answer:
    """Somebody has come with this ticket."""
    return Answer(409, "ticket-used", _said(entry))


def _state(booking: ModelBooking) -> str:
    return "cancelled" if booking.status == "cancelled" else "used" if booking.entry else "valid"


def _let_in(booking: ModelBooking, entry: ModelEntry) -> Answer:
    return Answer(
        200, content=Admission(booking.number, booking.order.event, booking.seat, entry.gate, admitted_at=entry.at)
    )


def _said(entry: ModelEntry) -> tuple[str | None, int]:
    return entry.gate, entry.at


def _is_the_same(told: ModelEntry, known: ModelEntry) -> bool:
    """Whether a scanner that gave up waiting tells of the entry that is known."""
    same_scanner = (told.gate, told.admin) == (known.gate, known.admin)
    return same_scanner and abs(told.at - known.at) <= SAME_ENTRY_WITHIN_S
