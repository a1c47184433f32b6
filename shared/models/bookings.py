"""What has been sold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import Base, CreatedAt, GeneratedId


class Order(Base):
    """The bookings that were confirmed together: what became of one hold. `total` in minor units."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hold_id: Mapped[UUID] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="RESTRICT"), index=True)
    total: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    created_at: Mapped[CreatedAt]


TICKET_IS_USED_OR_NOT = """
    num_nonnulls(admitted_at, admitted_gate, admitted_by) = 0
 OR (status = 'confirmed' AND num_nonnulls(admitted_at, admitted_by) = 2)
"""


class Booking(Base):
    """The durable sale of one seat. A cancelled one stays cancelled; the seat's next sale is a new booking.

    `admitted_at`: when its ticket let somebody in, at `admitted_gate` (if it has a name), by the word of the
    administrator `admitted_by`. It happens once, and such a booking is not cancelled any more.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "seat_id"], ["seats.event_id", "seats.id"], ondelete="RESTRICT"),
        UniqueConstraint("hold_id", "seat_id"),
        CheckConstraint("status IN ('confirmed', 'cancelled')", name="status"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at"),
        CheckConstraint(TICKET_IS_USED_OR_NOT, name="admitted"),
        CheckConstraint("char_length(admitted_gate) BETWEEN 1 AND 40", name="admitted_gate"),
        Index("one_live_booking_per_seat", "seat_id", unique=True, postgresql_where=text("status = 'confirmed'")),
        Index("bookings_user_id_created_at_idx", "user_id", "created_at"),
        Index("bookings_event_id_seat_id_idx", "event_id", "seat_id"),
        Index("bookings_order_id_idx", "order_id"),
    )

    id: Mapped[GeneratedId]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id", ondelete="RESTRICT"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    event_id: Mapped[int]
    seat_id: Mapped[int]
    hold_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="confirmed")
    price: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    created_at: Mapped[CreatedAt]
    cancelled_at: Mapped[datetime | None]
    admitted_at: Mapped[datetime | None]
    admitted_gate: Mapped[str | None]
    admitted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))


class DoubleEntry(Base):
    """A scanner without network let somebody in with a ticket that had let somebody in before, or was cancelled.

    `scanned_at` by that scanner's clock; `recorded_at` is when we heard of it.
    """

    __tablename__ = "double_entries"
    __table_args__ = (
        CheckConstraint("char_length(gate) BETWEEN 1 AND 40", name="gate"),
        Index("double_entries_event_id_recorded_at_idx", "event_id", "recorded_at"),
        Index("double_entries_booking_id_idx", "booking_id"),
    )

    id: Mapped[GeneratedId]
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="RESTRICT"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="RESTRICT"))
    gate: Mapped[str | None]
    scanned_at: Mapped[datetime]
    scanned_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    recorded_at: Mapped[CreatedAt]
