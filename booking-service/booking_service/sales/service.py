"""The numbers of a sale, put together."""

from datetime import UTC, datetime

import asyncpg

from booking_service.sales.refusals import Refusals
from booking_service.sales.repository import sales_of
from booking_service.sales.schemas import CategorySales, HourOfSales, LedgerCheck, RecentOrder, Sales
from shared.chassis.problems import NotFound


class SalesService:
    """Reads sales."""

    def __init__(self, *, pool: "asyncpg.Pool[asyncpg.Record]", refusals: Refusals, pool_wait_s: float) -> None:
        self._pool = pool
        self._refusals = refusals
        self._pool_wait_s = pool_wait_s

    async def of(self, event_id: int) -> Sales:
        """The event's sale at this moment. Raises `NotFound`, and what asyncpg raises."""
        found = await sales_of(self._pool, event_id, wait_s=self._pool_wait_s)
        if found is None:
            raise NotFound
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
            ledger=LedgerCheck(found["ledger_sold"], found["double_bookings"]),
            categories=categories,
            hours=[HourOfSales(_utc(each["hour"]), each["sold"], each["revenue"]) for each in found["hours"]],
            recent=[RecentOrder(_utc(each["created_at"]), each["seat_ids"], each["total"]) for each in found["recent"]],
        )


def _utc(text: str) -> str:
    """The instant as PostgreSQL writes it into JSON, in whatever zone its session has."""
    return _rfc3339(datetime.fromisoformat(text))


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
