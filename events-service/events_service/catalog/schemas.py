"""What the catalogue is asked, and what it answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from events_service.catalog.cursors import MAX_CURSOR_CHARS, Position
from shared.chassis.fields import Instant, Output, Text
from shared.contracts.pictures import PictureAddresses
from shared.models import Event

PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX = 20, 100
SEARCH_MAX_CHARS = 100

SeatStatus = Literal["available", "held", "booked", "blocked"]

_PLAIN_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def _plain_number(value: Any) -> Any:
    """Only `20`: not `+20`, `2_0` or ` 20`, all of which `int()` would take."""
    if isinstance(value, str):
        if not _PLAIN_NUMBER.fullmatch(value):
            raise ValueError("must be a whole number")
        return int(value)
    return value


PLAIN_NUMBER = BeforeValidator(_plain_number)
"""For whole numbers in an address."""

PageSize = Annotated[int, PLAIN_NUMBER, Field(ge=1, le=PAGE_SIZE_MAX)]
CursorText = Annotated[str, Field(min_length=1, max_length=MAX_CURSOR_CHARS)]
FilterText = Annotated[Text, Field(min_length=1, max_length=SEARCH_MAX_CHARS)]
MovieName = Annotated[Text, Field(min_length=1, max_length=200)]

TimeZone = Annotated[
    str,
    Field(description="Where the venue's clocks run (IANA). People are told times in it.", examples=["Europe/Berlin"]),
]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events a page shows. `starts_from=None` means from now on; `starts_before` is not included."""

    limit: int = PAGE_SIZE_DEFAULT
    after: Position | None = None
    event_type: str | None = None
    city: str | None = None
    text: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None


class BrowseItem(Output):
    """One event, as it is listed."""

    id: int = Field(examples=[42])
    name: str = Field(examples=["The Night Garden"])
    event_type: str = Field(examples=["concert"])
    venue: str = Field(examples=["Aurora Theatre"])
    city: str = Field(examples=["Berlin"])
    start_time: Instant = Field(examples=["2030-05-17T19:30:00Z"])
    time_zone: TimeZone
    image_url: str = Field(
        description="A picture; a path on this origin when it is the generated one.",
        examples=["/api/events/42/artwork.svg"],
    )
    price_from: int = Field(description="The cheapest seat, in minor units of `currency`.", examples=[3900])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


class BrowsePage(Output):
    """One page of events, by start time."""

    items: list[BrowseItem]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last one.")


class Showtime(Output):
    """One performance of a movie."""

    event_id: int = Field(examples=[42])
    start_time: Instant = Field(examples=["2030-05-17T19:30:00Z"])
    time_zone: TimeZone
    price_from: int = Field(description="In minor units of `currency`.", examples=[990])
    currency: str = Field(description="ISO 4217; theaters abroad have their own.", examples=["EUR"])


class TheaterShowtimes(Output):
    """A movie's performances in one theater, by start time."""

    venue: str = Field(examples=["Rex Cinema"])
    city: str = Field(examples=["Berlin"])
    showtimes: list[Showtime]


class MovieShowtimes(Output):
    """Where and when a movie is shown from now on; theaters by venue, then city."""

    movie: str = Field(examples=["Metropolis"])
    theaters: list[TheaterShowtimes]


class EventDetails(Output):
    """One event. Its seats have the ids from `first_seat_id` on, `seat_count` of them, in the order of its plan."""

    id: int = Field(examples=[42])
    name: str = Field(examples=["The Night Garden"])
    event_type: str = Field(examples=["concert"])
    venue: str = Field(examples=["Aurora Theatre"])
    city: str = Field(examples=["Berlin"])
    description: str = Field(examples=["An evening of quiet songs."])
    start_time: Instant = Field(examples=["2030-05-17T19:30:00Z"])
    time_zone: TimeZone
    image_url: str = Field(examples=["/api/events/42/artwork.svg"])
    currency: str = Field(examples=["EUR"])
    price_from: int = Field(examples=[3900])
    status: Literal["on_sale", "closed"]
    seat_count: int = Field(examples=[600])
    first_seat_id: int = Field(examples=[1201])
    seat_plan_hash: str = Field(description="SHA-256 of the seat plan: its address, and its ETag.")
    prices: dict[str, int] = Field(
        description="Minor units of `currency` by category of the plan.", examples=[{"standard": 3900}]
    )


class SeatItem(Output):
    """One seat and its status now."""

    id: int = Field(examples=[1201])
    seat_number: str = Field(examples=["A1"])
    section: str = Field(examples=["Stalls"])
    row: str = Field(examples=["A"])
    x: float
    y: float
    category: str = Field(examples=["standard"])
    price: int = Field(description="In minor units of `currency`.", examples=[3900])
    currency: str = Field(examples=["EUR"])
    status: SeatStatus = Field(description="A hold that has ended reads as `available`.")
    version: int = Field(description="Counts the changes of this seat.", examples=[0])


class EventSeats(Output):
    """The seats of an event, in the order of its plan."""

    event_id: int = Field(examples=[42])
    seats: list[SeatItem]


def event_details(event: Event, pictures: PictureAddresses) -> EventDetails:
    """The event, as it is answered."""
    return EventDetails.model_validate(
        {
            **{name: getattr(event, name) for name in EventDetails.model_fields if name != "image_url"},
            "image_url": pictures.of(event.id, event.image_url),
        }
    )
