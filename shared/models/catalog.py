"""What is on, and where its seats are."""

from datetime import datetime

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import Base, CreatedAt, GeneratedId


class StoredSeatPlan(Base):
    """An immutable seat plan document, addressed by the SHA-256 (hex) of its bytes. Events may share one."""

    __tablename__ = "seat_plans"

    hash: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    created_at: Mapped[CreatedAt]


class Event(Base):
    """One performance with a start time.

    Its seats are `first_seat_id` … `first_seat_id + seat_count - 1`, in the order of its plan.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("status IN ('on_sale', 'closed')", name="status"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("price_from >= 0", name="price_from"),
        Index("events_start_time_idx", "start_time"),
        Index("events_lower_name_idx", text("lower(name)"), "start_time"),
        Index("events_lower_city_idx", text("lower(city)"), "start_time", "id"),
        Index("events_first_seat_id_idx", "first_seat_id", unique=True),
    )

    id: Mapped[GeneratedId]
    name: Mapped[str]
    event_type: Mapped[str]
    venue: Mapped[str]
    city: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    start_time: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    """Where the venue's clocks run, by its name in the IANA database."""
    image_url: Mapped[str | None]
    """A picture's address, or none: then the generated picture is shown."""
    status: Mapped[str] = mapped_column(server_default="on_sale")
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="EUR")
    price_from: Mapped[int]
    """Cheapest seat, in minor units of `currency`; kept here so that browsing counts no seats."""
    prices: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    """Minor units by the plan's category keys."""
    seat_plan_hash: Mapped[str] = mapped_column(ForeignKey("seat_plans.hash", ondelete="RESTRICT"))
    first_seat_id: Mapped[int]
    seat_count: Mapped[int]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
