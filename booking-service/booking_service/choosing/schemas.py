"""Choosing on the wire."""

from typing import Annotated

import msgspec
from pydantic import ConfigDict, Field

from booking_service.choosing.asked import Asked, asked
from booking_service.choosing.reasons import Reason
from shared.chassis.fields import EntityId, Input, Output, Text

Quantity = Annotated[int, Field(ge=1, le=50, examples=[2], description="How many places, all for one party.")]
Names = Annotated[list[Annotated[Text, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=100)]
Categories = Annotated[Names | None, Field(description="Keys of the plan's categories; without it, any.")]
Sections = Annotated[Names | None, Field(description="Ids of the plan's sections; without it, any.")]
Accessible = Annotated[
    bool, Field(description="Whether one of the places is to be a wheelchair space, with its companion's seat.")
]


class FindSeats(Input):
    """What a party wants."""

    event_id: EntityId
    quantity: Quantity
    categories: Categories = None
    sections: Sections = None
    accessible: Accessible = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"event_id": 42, "quantity": 2, "categories": ["standard"], "sections": ["STALLS"], "accessible": False}
            ]
        }
    )

    def asked(self) -> Asked:
        """The same, whatever order things are named in."""
        return asked(self.event_id, self.quantity, self.categories, self.sections, self.accessible)


class OfferedSeat(msgspec.Struct, frozen=True):
    """A place. `price` in minor units of the event's currency."""

    seat_id: int
    seat_number: str
    section: str
    row: str
    category: str
    price: int


class Offer(msgspec.Struct, frozen=True):
    """Places for the whole party, and what speaks for them."""

    seat_ids: list[int]
    seats: list[OfferedSeat]
    total: int
    adjacent: bool
    reasons: list[Reason]


class Offers(msgspec.Struct, frozen=True):
    """Up to three different ways to seat a party, best first; none when there are not enough places."""

    event_id: int
    quantity: int
    currency: str
    offers: list[Offer]


class Alternative(msgspec.Struct, frozen=True):
    """As many other places, near those that were wanted."""

    seat_ids: list[int]
    seats: list[OfferedSeat]
    total: int
    adjacent: bool


class OfferedSeatOut(Output):
    """A place that is offered."""

    seat_id: int = Field(examples=[1201])
    seat_number: str = Field(examples=["STALLS-A-12"])
    section: str = Field(description="Its name, as with the seats of the event.", examples=["Stalls"])
    row: str = Field(examples=["A"])
    category: str = Field(examples=["standard"])
    price: int = Field(description="Minor units of `currency`.", examples=[4500])


class OfferOut(Output):
    """An offer, as documented."""

    seat_ids: list[int] = Field(description="Hold these to take the offer.", examples=[[1201, 1202]])
    seats: list[OfferedSeatOut]
    total: int = Field(description="Minor units of `currency`.", examples=[9000])
    adjacent: bool = Field(description="Whether all sit beside each other, or stand in one area.")
    reasons: list[Reason] = Field(description="What speaks for it (docs/best-available.md).")


class OffersOut(Output):
    """Up to three offers, as documented."""

    event_id: int = Field(examples=[42])
    quantity: int = Field(examples=[2])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    offers: list[OfferOut] = Field(description="Best first; none when there are not enough places.")
