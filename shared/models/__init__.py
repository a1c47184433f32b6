"""The tables, as SQLAlchemy sees them. The migrations are what makes them; a test holds both against each other."""

from shared.models.accounts import RefreshToken, Session, User
from shared.models.audit import AuditEntry
from shared.models.base import Base
from shared.models.bookings import Booking, DoubleEntry, Order
from shared.models.catalog import Event, StoredSeatPlan
from shared.models.idempotency import IdempotencyKey
from shared.models.seats import Seat, SeatLogEntry

__all__ = [
    "AuditEntry",
    "Base",
    "Booking",
    "DoubleEntry",
    "Event",
    "IdempotencyKey",
    "Order",
    "RefreshToken",
    "Seat",
    "SeatLogEntry",
    "Session",
    "StoredSeatPlan",
    "User",
]
