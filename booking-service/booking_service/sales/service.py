"""The numbers of a sale, put together."""

from datetime import UTC, datetime
from typing import Any

import asyncpg

from booking_service.sales.refusals import Refusals
from booking_service.sales.repository import sales_of
from booking_service.sales.schemas import CategorySales, HourOfSales, LedgerCheck, RecentOrder, Sales
from booking_service.sales.tallies import Tallies, Tally
from shared.chassis.problems import NotFound


class SalesService:
    """Reads sales."""

    def __init__(self, *, pool: "asyncpg.Pool[asyncpg.Record]", refusals: Refusals, pool_wait_s: float) -> None:
        self._pool = pool
        self._refusals = refusals
        self._pool_wait_s = pool_wait_s
        self._tallies = Tallies()

    async def of(self, event_id: int) -> Sales:
        """The event's sale at this moment. Raises `NotFound`, and what asyncpg raises."""
        found, ledger = await self._found(event_id)
        categories = [CategorySales(**category) for category in found["categories"]]
        median = found["median_held_s"]
        return Sales(
            event_id=event_id,
            at=_rfc3339(found["moment"]),
            currency=found["currency"],
            total=sum(category.total for category in categories),
            sold=sum(category.sold for category in categories),
            held=sum(category.held for category in categories),
            blocked=sum(category.blocked for category in categories),
            revenue=found["revenue"],
            potential=sum(category.price * (category.total - category.blocked) for category in categories),
            median_held_s=None if median is None else round(median),
            refused=await self._refusals.count(event_id),
            ledger=ledger,
            categories=categories,
            hours=[HourOfSales(_utc(each["hour"]), each["sold"], each["revenue"]) for each in found["hours"]],
            recent=[RecentOrder(_utc(each["created_at"]), each["seat_ids"], each["total"]) for each in found["recent"]],
        )

    async def _found(self, event_id: int) -> tuple[dict[str, Any], LedgerCheck]:
        """What the database says, and what the ledger does by itself: one question for an event at a time, for each
        reads on from where the last one ended.

        If the ledger is not what the seats are, it is read again from its beginning: an alarm must not come from here.
        """
        tally = self._tallies.of(event_id)
        async with tally.turn:
            found, is_whole = await self._read_on(tally, event_id)
            if not (is_whole or _agree(tally, found)):
                tally.seen = None
                found, _ = await self._read_on(tally, event_id)
            return found, LedgerCheck(tally.sold, tally.double_bookings)

    async def _read_on(self, tally: Tally, event_id: int) -> tuple[dict[str, Any], bool]:
        """What the database says, and whether all of the ledger was read for it."""
        is_whole = tally.seen is None
        found = await sales_of(self._pool, event_id, unseen_by=tally.seen, wait_s=self._pool_wait_s)
        if found is None:
            self._tallies.forget(event_id)
            raise NotFound
        if is_whole:
            tally.begin(found["first_seat_id"], found["seat_count"])
        tally.add(found["seat_ids"] or (), found["sold"] or (), seen=found["seen"])
        return found, is_whole


def _agree(tally: Tally, found: dict[str, Any]) -> bool:
    return tally.sold == sum(category["sold"] for category in found["categories"]) and not tally.double_bookings


def _utc(text: str) -> str:
    """The instant as PostgreSQL writes it into JSON, in whatever zone its session has."""
    return _rfc3339(datetime.fromisoformat(text))


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
