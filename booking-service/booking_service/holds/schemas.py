"""Holds on the wire."""

from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from booking_service.choosing.asked import Asked, asked
from booking_service.choosing.schemas import Accessible, Categories, Quantity, Sections
from shared.chassis.fields import EntityId, Input, Instant, Output


def _uuid(value: object) -> object:
    """JSON has no UUIDs: a string of the usual form is one, even where types are strict."""
    if isinstance(value, str) and len(value) == 36:
        return UUID(value)
    return value


HoldId = Annotated[UUID, BeforeValidator(_uuid), Field(examples=["0199f1f0-3c5e-7cc2-9a57-0d8a6f0c2c11"])]


class PlaceHold(Input):
    """One seat, or several of one event: all are held, or none. Or as many as are wanted, chosen here."""

    seat_id: EntityId | None = None
    seat_ids: Annotated[list[EntityId], Field(min_length=1, max_length=50)] | None = None
    event_id: Annotated[EntityId | None, Field(description="With `quantity`: hold the best places of this event.")] = (
        None
    )
    quantity: Quantity | None = None
    categories: Categories = None
    sections: Sections = None
    accessible: Accessible = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"seat_id": 1201},
                {"seat_ids": [1201, 1202, 1203]},
                {"event_id": 42, "quantity": 2, "categories": ["standard"]},
            ]
        }
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if [self.seat_id, self.seat_ids, self.quantity].count(None) != 2:
            raise ValueError("give either seat_id, or seat_ids, or event_id and quantity")
        choice = self.model_fields_set & {"event_id", "quantity", "categories", "sections", "accessible"}
        if self.quantity is None and choice:
            raise ValueError("event_id, categories, sections and accessible go with quantity")
        if self.quantity is not None and self.event_id is None:
            raise ValueError("quantity goes with event_id")
        if self.seat_ids is not None and len(set(self.seat_ids)) != len(self.seat_ids):
            raise ValueError("seat_ids names a seat twice")
        return self

    def asked(self) -> Asked | None:
        """What is to be chosen; `None`: the seats are named."""
        if self.event_id is None or self.quantity is None:
            return None
        return asked(self.event_id, self.quantity, self.categories, self.sections, self.accessible)

    def sorted_seat_ids(self) -> list[int]:
        """All wanted seats, in the order in which rows are locked everywhere."""
        return sorted(self.seat_ids if self.seat_ids is not None else [self.seat_id or 0])


class HoldReference(Input):
    """A hold of mine."""

    hold_id: HoldId


class HeldSeat(msgspec.Struct, frozen=True):
    """A seat of a hold. `price` in minor units of the hold's currency."""

    seat_id: int
    seat_number: str
    status: Literal["held"]
    version: int
    price: int


class Hold(msgspec.Struct, frozen=True):
    """A hold as its holder sees it; times as RFC 3339 in UTC."""

    hold_id: UUID
    event_id: int
    seats: list[HeldSeat]
    total: int
    currency: str
    expires_at: str
    expires_in: int
    extendable_until: str


class MyHolds(msgspec.Struct, frozen=True):
    """All live holds of one user."""

    items: list[Hold]


class HeldSeatOut(Output):
    """A seat of a hold."""

    seat_id: int = Field(examples=[1201])
    seat_number: str = Field(examples=["STALLS-A-12"])
    status: Literal["held"]
    version: int = Field(description="Counts this seat's changes.", examples=[3])
    price: int = Field(description="Minor units of `currency`.", examples=[4500])


class HoldOut(Output):
    """A hold, as documented."""

    hold_id: UUID
    event_id: int = Field(examples=[42])
    seats: list[HeldSeatOut]
    total: int = Field(description="Minor units of `currency`.", examples=[9000])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    expires_at: Instant = Field(description="When the hold ends, by the database's clock.")
    expires_in: int = Field(
        description="Whole seconds until then, as of this answer: count down from it.", examples=[300]
    )
    extendable_until: Instant = Field(description="Extensions end no later than this.")


class MyHoldsOut(Output):
    """My live holds, as documented."""

    items: list[HoldOut]
