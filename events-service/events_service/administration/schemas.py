"""What an organiser says about an event."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from events_service.administration.currencies import CURRENCIES
from events_service.administration.time_zones import is_time_zone
from events_service.artwork.strategy import is_allowed_picture
from events_service.seat_plans import CAPACITY_MAX, CAPACITY_MIN
from shared.chassis.fields import Input, Text, one_line
from shared.chassis.instants import GivenInstant

MAX_PRICE = 1_000_000_00
"""Minor units; above it a price is a slip of the hand."""
MAX_CATEGORIES = 50
MAX_STROKES = 500
MAX_SECTIONS = 2000
MAX_ROWS = 2000


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("must be a currency code of ISO 4217, such as EUR")
    return code


def _known_time_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError("must be a time zone of the IANA database, such as Europe/Berlin")
    return name


def _trusted_picture(address: str) -> str:
    if not is_allowed_picture(address):
        raise ValueError("must be an https address on image.tmdb.org or i.scdn.co")
    return address


Line = Annotated[Text, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Word = Annotated[Text, Field(min_length=1, max_length=40)]
Description = Annotated[Text, Field(max_length=5000), AfterValidator(str.strip)]
PlanHash = Annotated[Text, Field(pattern="^[0-9a-f]{64}$")]
TimeZone = Annotated[Text, Field(max_length=64), AfterValidator(_known_time_zone)]
PictureUrl = Annotated[Text, AfterValidator(_trusted_picture)]
Price = Annotated[int, Field(ge=0, le=MAX_PRICE)]
SectionId = Annotated[Text, Field(min_length=1, max_length=40)]
RowLabel = Annotated[Text, Field(max_length=40)]

_EXAMPLE: dict[str, Any] = {
    "name": "The Night Garden",
    "event_type": "concert",
    "venue": "Aurora Theatre",
    "city": "Berlin",
    "start_time": "2030-05-17T19:30:00Z",
    "time_zone": "Europe/Berlin",
    "description": "An evening of quiet songs.",
    "template": "club",
    "capacity": 120,
    "base_price": 3900,
}


class PriceCategory(Input):
    """A price band of this event."""

    key: Word = Field(examples=["gold"])
    name: Annotated[Text, Field(min_length=1, max_length=60), AfterValidator(one_line)] = Field(examples=["Gold"])
    tier: int = Field(ge=1, le=5, description="1 is the dearest; picks the colour on the map.", examples=[1])


class Paint(Input):
    """Places in one category: of some sections or all, whole or only some of their rows or tables."""

    category: Word = Field(description="The key of a category.", examples=["gold"])
    sections: Annotated[list[SectionId], Field(min_length=1, max_length=MAX_SECTIONS)] | None = Field(
        default=None, description="By the `id` that they have in the plan. Default: all.", examples=[["STALLS"]]
    )
    rows: Annotated[list[RowLabel], Field(min_length=1, max_length=MAX_ROWS)] | None = Field(
        default=None, description="Only rows or tables with these labels.", examples=[["A", "B"]]
    )
    instead_of: Annotated[list[Word], Field(min_length=1, max_length=MAX_CATEGORIES)] | None = Field(
        default=None, description="Only places that are in these categories so far.", examples=[["silver"]]
    )


class EventCreate(Input):
    """A new event. Its seats are made from a room: the usual one of its type, or `template`, with `capacity` seats; or
    from a `seat_plan` that is stored. `categories` and `paint` say where which price is.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Line
    event_type: Word = Field(description="movie, concert, theater, comedy or sports.")
    venue: Line
    city: Line
    start_time: GivenInstant
    time_zone: TimeZone = Field(
        default="UTC", description="Where the venue's clocks run (IANA); people are told times in it."
    )
    description: Description = ""
    image_url: PictureUrl | None = Field(
        default=None,
        description="A picture on image.tmdb.org or i.scdn.co. Without one it is looked for once, or drawn.",
    )
    currency: Annotated[str, AfterValidator(_known_currency)] = Field(default="EUR", description="ISO 4217.")
    template: Word | None = Field(default=None, description="The name of a room, such as `cinema-small`.")
    capacity: int | None = Field(default=None, ge=CAPACITY_MIN, le=CAPACITY_MAX, description="Seats, exactly.")
    seat_plan: PlanHash | None = Field(
        default=None,
        description="The hash of a stored plan, instead of `template` and `capacity`: the `seat_plan_hash` of another "
        "event, or of a plan that was imported.",
    )
    categories: list[PriceCategory] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_CATEGORIES,
        description="The price bands, instead of those of the room; `paint` then covers what the room has in others. "
        "Those without a place go.",
    )
    paint: list[Paint] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_STROKES,
        description="Sections and rows in other categories than those of the room, later over earlier. The event gets "
        "a plan of its own.",
    )
    prices: dict[Word, Price] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_CATEGORIES,
        description="Minor units of `currency` for every category that has places.",
    )
    base_price: Price | None = Field(
        default=None, description="Minor units of the cheapest seat; better categories cost more. Instead of `prices`."
    )

    @model_validator(mode="after")
    def _one_way_to_price(self) -> Self:
        if self.prices is not None and self.base_price is not None:
            raise ValueError("give prices or base_price, not both")
        return self

    @model_validator(mode="after")
    def _different_categories(self) -> Self:
        keys = [category.key for category in self.categories or ()]
        if len(set(keys)) != len(keys):
            raise ValueError("categories must have different keys")
        return self

    @model_validator(mode="after")
    def _one_way_to_a_plan(self) -> Self:
        if self.seat_plan is not None and (self.template is not None or self.capacity is not None):
            raise ValueError("give seat_plan, or template and capacity, not both")
        return self


def _unset_text() -> str:
    return ""


def _unset_instant() -> datetime:
    return datetime.min.replace(tzinfo=UTC)


class EventChange(Input):
    """The members to change, at least one. Those that are not sent stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"venue": "Rex Cinema", "start_time": "2030-05-18T20:00:00Z"}]}
    )

    # The defaults are never looked at (see `changes`); they keep `null` out, which nothing but a picture can be.
    name: Line = Field(default_factory=_unset_text)
    venue: Line = Field(default_factory=_unset_text)
    city: Line = Field(default_factory=_unset_text)
    description: Description = Field(default_factory=_unset_text)
    start_time: GivenInstant = Field(default_factory=_unset_instant)
    time_zone: TimeZone = Field(default_factory=_unset_text)
    image_url: PictureUrl | None = Field(default=None, description="Null brings the generated picture back.")

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one member to change")
        return self

    def changes(self) -> dict[str, Any]:
        """What was sent, by column of the event."""
        return {name: getattr(self, name) for name in self.model_fields_set}
