"""The register of every seat, and the ledger of its changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import Base, Xid8

SHAPE_OF_A_SEAT = """
    (status = 'available' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0)
 OR (status = 'held' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 4 AND booking_id IS NULL)
 OR (status = 'booked' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry) = 0 AND booking_id IS NOT NULL)
 OR (status = 'blocked' AND num_nonnulls(hold_id, held_by, held_since, hold_expiry, booking_id) = 0)
"""


class Seat(Base):
    """One sellable place, and the only thing that decides whose it is.

    Change it by conditional UPDATE alone, naming the status and the `hold_id` (or `booking_id`) that you expect and
    raising `version` by one; the trigger `seats_guard` refuses every other change and writes the ledger.
    """

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("event_id", "seat_number"),
        UniqueConstraint("event_id", "id"),  # what bookings refer to: a booking cannot name another event's seat
        CheckConstraint("status IN ('available', 'held', 'booked', 'blocked')", name="status"),
        CheckConstraint(SHAPE_OF_A_SEAT, name="shape"),
        CheckConstraint("price >= 0", name="price"),
        Index("seats_event_id_status_idx", "event_id", "status"),
        Index("seats_hold_expiry_idx", "hold_expiry", postgresql_where=text("status = 'held'")),
        Index("seats_held_by_event_id_idx", "held_by", "event_id", postgresql_where=text("held_by IS NOT NULL")),
        Index("seats_booking_id_idx", "booking_id", unique=True, postgresql_where=text("booking_id IS NOT NULL")),
        # Every status change moves a row (status is indexed, as was asked): leave room for the new one on its page.
        {"postgresql_with": {"fillfactor": "70"}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="RESTRICT"))
    seat_number: Mapped[str]
    section: Mapped[str]
    row_label: Mapped[str]
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    category: Mapped[str]
    price: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="available")
    hold_id: Mapped[UUID | None]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    held_since: Mapped[datetime | None]
    hold_expiry: Mapped[datetime | None]
    booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("bookings.id", name="seats_booking_id_fkey", use_alter=True, ondelete="RESTRICT")
    )
    version: Mapped[int] = mapped_column(server_default="0")


class SeatLogEntry(Base):
    """The ledger: one row for each change of a seat, written by the database itself, never changed or removed.

    It has no foreign keys on purpose: it outlives the events it tells of.
    """

    __tablename__ = "seat_log"
    __table_args__ = (
        Index("seat_log_xid_idx", "xid"),
        Index("seat_log_hold_id_idx", "hold_id", postgresql_where=text("new_status = 'held'")),
    )

    seat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    old_status: Mapped[str]
    new_status: Mapped[str]
    hold_id: Mapped[UUID | None]
    hold_expiry: Mapped[datetime | None]
    user_id: Mapped[int | None]
    booking_id: Mapped[int | None]
    xid: Mapped[int] = mapped_column(Xid8, server_default=func.pg_current_xact_id())
    at: Mapped[datetime]
