"""What organisers ask of their events, and what they are told."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from events_service.catalog.cursors import Position
from events_service.catalog.schemas import PAGE_SIZE_DEFAULT, TimeZone
from shared.chassis.fields import Instant, Output

When = Literal["upcoming", "past"]


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    """Which events a page shows: upcoming ones by start time, or past ones, the latest first."""

    when: When = "upcoming"
    limit: int = PAGE_SIZE_DEFAULT
    after: Position | None = None
    text: str | None = None


class OverviewItem(Output):
    """One event, and what is sold of it at this moment."""

    id: int = Field(examples=[42])
    name: str = Field(examples=["The Night Garden"])
    event_type: str = Field(examples=["concert"])
    venue: str = Field(examples=["Aurora Theatre"])
    city: str = Field(examples=["Berlin"])
    start_time: Instant = Field(examples=["2030-05-17T19:30:00Z"])
    time_zone: TimeZone
    status: Literal["on_sale", "closed"]
    seat_count: int = Field(examples=[600])
    sold: int = Field(description="Confirmed bookings.", examples=[412])
    held: int = Field(description="Seats in somebody's basket.", examples=[7])
    revenue: int = Field(description="Of the confirmed bookings, in minor units of `currency`.", examples=[2130900])
    price_from: int = Field(examples=[3900])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


class OverviewPage(Output):
    """One page of events."""

    items: list[OverviewItem]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last one.")
