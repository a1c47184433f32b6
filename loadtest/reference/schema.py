"""The described tables, with the described indexes and nothing else."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Of all tables."""

    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Event(Base):
    """What is on."""

    __tablename__ = "events"
    __table_args__ = (Index("events_start_time_idx", "start_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    event_type: Mapped[str]
    venue: Mapped[str]
    start_time: Mapped[datetime]
    image_url: Mapped[str | None]


class Seat(Base):
    """One place of one event. `held_at` is the instant of the last hold, by the database's clock."""

    __tablename__ = "seats"
    __table_args__ = (Index("seats_event_id_status_idx", "event_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    seat_number: Mapped[str]
    status: Mapped[str] = mapped_column(default="available")
    held_by: Mapped[int | None]
    held_at: Mapped[datetime | None]
    hold_expiry: Mapped[datetime | None]


class Booking(Base):
    """A sale."""

    __tablename__ = "bookings"
    __table_args__ = (Index("bookings_user_id_created_at_idx", "user_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    event_id: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    status: Mapped[str]
    created_at: Mapped[datetime]
