"""What choosing has to know of an event besides what is free: read from the database, and remembered."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import asyncpg
import structlog

from booking_service.choosing.house import House
from shared.chassis.problems import NotFound, Unavailable
from shared.contracts.seat_plan import MalformedSeatPlan, decode

log = structlog.get_logger()

FACTS_LAST_S = 5.0
"""So much later than an organiser an instance may know that an event is closed, or moved. Holds ask the database."""
MAX_EVENTS = 10_000
MAX_PLACES = 400_000
"""Places of all plans that are remembered, about 100 MB; then the plan that was used longest ago goes."""

_FACTS = """
    SELECT seat_plan_hash, first_seat_id, seat_count, currency, prices,
           status = 'on_sale' AND start_time > clock_timestamp() AS is_on_sale
    FROM events WHERE id = $1
"""
_PLAN = "SELECT document FROM seat_plans WHERE hash = $1"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event. Its seats are `seat_count` ids from `first_seat_id` on; `prices` in minor units of `currency`, by the
    keys of the plan's categories."""

    event_id: int
    plan_hash: str
    first_seat_id: int
    seat_count: int
    currency: str
    prices: Mapping[str, int]
    is_on_sale: bool


class Catalog:
    """Events and their houses. However many ask at the same time, the database is asked once."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._monotonic = monotonic
        self._facts: dict[int, tuple[float, EventFacts]] = {}
        self._houses: OrderedDict[str, House] = OrderedDict()
        self._reading_facts: _Shared[int, EventFacts] = _Shared(self._read_facts)
        self._reading_houses: _Shared[str, House] = _Shared(self._read_house)

    async def event(self, event_id: int) -> EventFacts:
        """The event, as it was a few seconds ago at most. Raises `NotFound`, and what asyncpg raises."""
        good_until, facts = self._facts.get(event_id, (0.0, None))
        if facts is not None and self._monotonic() < good_until:
            return facts
        return await self._reading_facts.get(event_id)

    async def house(self, facts: EventFacts) -> House:
        """The house of the event. Raises `Unavailable` when its plan cannot be read, and what asyncpg raises."""
        house = self._houses.get(facts.plan_hash)
        if house is None:
            house = await self._reading_houses.get(facts.plan_hash)
        else:
            self._houses.move_to_end(facts.plan_hash)
        if house.places.count != facts.seat_count:
            log.error("choosing.plan_does_not_fit", event_id=facts.event_id, seat_plan_hash=facts.plan_hash)
            raise Unavailable("Seats of this event cannot be chosen for you.")
        return house

    async def _read_facts(self, event_id: int) -> EventFacts:
        row = await self._pool.fetchrow(_FACTS, event_id)
        if row is None:
            self._facts.pop(event_id, None)
            raise NotFound("There is no such event.")
        facts = EventFacts(
            event_id,
            row["seat_plan_hash"],
            row["first_seat_id"],
            row["seat_count"],
            row["currency"],
            json.loads(row["prices"]),
            row["is_on_sale"],
        )
        if len(self._facts) >= MAX_EVENTS:
            self._facts.clear()
        self._facts[event_id] = (self._monotonic() + FACTS_LAST_S, facts)
        return facts

    async def _read_house(self, plan_hash: str) -> House:
        document = await self._pool.fetchval(_PLAN, plan_hash)
        try:
            house = await asyncio.to_thread(_built, document)
        except MalformedSeatPlan as error:
            log.error("choosing.plan_is_malformed", seat_plan_hash=plan_hash, error=str(error))
            raise Unavailable("Seats of this event cannot be chosen for you.") from None
        self._houses[plan_hash] = house
        while len(self._houses) > 1 and sum(house.places.count for house in self._houses.values()) > MAX_PLACES:
            self._houses.popitem(last=False)
        return house


def _built(document: str) -> House:
    """Tenths of a second for a stadium: not on the event loop."""
    return House(decode(document))


Key = TypeVar("Key")


class _Shared(Generic[Key, Value]):
    """Work that those who ask for the same at the same time share."""

    def __init__(self, work: Callable[[Any], Awaitable[Value]]) -> None:
        self._work = work
        self._under_way: dict[Key, asyncio.Task[Value]] = {}

    async def get(self, key: Key) -> Value:
        """What the work for this key comes to. Raises what it raises."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(self._do(key))
            task.add_done_callback(_look_at)
        return await asyncio.shield(task)  # whoever gives up waiting leaves it to the others

    async def _do(self, key: Key) -> Value:
        try:
            return await self._work(key)
        finally:
            del self._under_way[key]


def _look_at(task: "asyncio.Task[Any]") -> None:
    """Whoever asked may have left: then nobody else looks at what went wrong, and asyncio complains."""
    if not task.cancelled():
        task.exception()
