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


class Booking(Base):
    """The durable sale of one seat. A cancelled one stays cancelled; the seat's next sale is a new booking."""

    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "seat_id"], ["seats.event_id", "seats.id"], ondelete="RESTRICT"),
        UniqueConstraint("hold_id", "seat_id"),
        CheckConstraint("status IN ('confirmed', 'cancelled')", name="status"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at"),
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
