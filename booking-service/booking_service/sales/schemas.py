"""A sale on the wire."""

import msgspec
from pydantic import Field

from shared.chassis.fields import Instant, Output


class CategorySales(msgspec.Struct, frozen=True):
    """The places of one category; money in minor units."""

    category: str
    price: int
    total: int
    sold: int
    held: int
    blocked: int


class HourOfSales(msgspec.Struct, frozen=True):
    """What was bought within one hour, and is still."""

    hour: str
    sold: int
    revenue: int


class RecentOrder(msgspec.Struct, frozen=True):
    """An order, without who made it."""

    at: str
    seat_ids: list[int]
    total: int


class LedgerCheck(msgspec.Struct, frozen=True):
    """What the ledger says by itself, to be held against the seats."""

    sold: int
    double_bookings: int


class Sales(msgspec.Struct, frozen=True):
    """An event's sale at one moment."""

    event_id: int
    at: str
    currency: str
    total: int
    sold: int
    held: int
    blocked: int
    revenue: int
    potential: int
    median_held_s: int | None
    refused: int | None
    ledger: LedgerCheck
    categories: list[CategorySales]
    hours: list[HourOfSales]
    recent: list[RecentOrder]


class CategorySalesOut(Output):
    """As `CategorySales`, documented."""

    category: str = Field(examples=["gold"])
    price: int = Field(description="Minor units of `currency`.", examples=[4500])
    total: int = Field(description="Places.", examples=[120])
    sold: int = Field(examples=[80])
    held: int = Field(description="In somebody's basket.", examples=[3])
    blocked: int = Field(description="Not for sale.", examples=[0])


class HourOfSalesOut(Output):
    """As `HourOfSales`, documented."""

    hour: Instant = Field(description="When it began.")
    sold: int = Field(description="Places bought in it that were not cancelled since.", examples=[42])
    revenue: int = Field(description="Minor units of `currency`.", examples=[189000])


class RecentOrderOut(Output):
    """As `RecentOrder`, documented."""

    at: Instant
    seat_ids: list[int] = Field(description="Those that were not cancelled since.", examples=[[1201, 1202]])
    total: int = Field(description="Minor units of `currency`, of those seats.", examples=[9000])


class LedgerCheckOut(Output):
    """As `LedgerCheck`, documented."""

    sold: int = Field(description="Sales less cancellations, by the ledger; equals `sold` above.", examples=[412])
    double_bookings: int = Field(description="Seats that were sold again before they were given back.", examples=[0])


class SalesOut(Output):
    """As `Sales`, documented."""

    event_id: int = Field(examples=[42])
    at: Instant = Field(description="All numbers are of this moment.")
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    total: int = Field(description="Places.", examples=[600])
    sold: int = Field(examples=[412])
    held: int = Field(description="In somebody's basket; a hold that has ended is none.", examples=[7])
    blocked: int = Field(examples=[0])
    revenue: int = Field(description="Of what is sold, in minor units of `currency`.", examples=[2130900])
    potential: int = Field(description="What all places cost that are not blocked.", examples=[3060000])
    median_held_s: int | None = Field(
        description="How long the places in baskets have been there, in seconds; null when there are none.",
        examples=[74],
    )
    refused: int | None = Field(
        description="Requests that came too late for a seat, counted since the event was put on sale, in Redis: null "
        "when that cannot be asked.",
        examples=[1288],
    )
    ledger: LedgerCheckOut
    categories: list[CategorySalesOut] = Field(description="Dearest first.")
    hours: list[HourOfSalesOut] = Field(
        description="Of the last two days, oldest first; hours without a sale are left out."
    )
    recent: list[RecentOrderOut] = Field(description="The last orders, newest first.")
