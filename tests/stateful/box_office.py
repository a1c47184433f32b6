"""The services that a sale runs on: two instances of booking, one of events, and their database with its own clock."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import httpx
import redis.asyncio as redis

from audit.inspection import Report, inspect
from audit.inspection import Terms as AuditTerms
from audit.invariant import all_invariants
from booking_service.expiry.sweep import sweep
from booking_service.main import create_app as create_booking
from booking_service.settings import BookingSettings
from events_service.main import create_app as create_events
from events_service.settings import EventsSettings
from tests.stateful.clock import Clock
from tests.stateful.door import Door
from tests.stateful.model_state import Terms
from tests.support.apps import environ, running
from tests.support.world import World

INSTANCES = 2
SWEEP_BATCH = 500
NEVER_S = "1000000"
HEAL_S = "0.05"
"""So long, at most, an instance does not know of a free seat, and nobody wants to wait for it."""

_ROWS = "SELECT id, status, version FROM seats WHERE id = ANY($1)"


@dataclass(frozen=True)
class BoxOffice:
    """Everything that one sale after the other can be held with."""

    database_url: str
    connection: "asyncpg.Connection[asyncpg.Record]"
    redis: "redis.Redis"
    clock: Clock
    booking: Sequence[httpx.AsyncClient]
    events: httpx.AsyncClient
    terms: Terms

    async def open_sale(self, *, events: Sequence[int], sale_ends_in_s: Sequence[int], users: int, admins: int) -> Door:
        """New events with so many seats each, and new people; the administrators come last."""
        world = World(self.connection)
        venues = [
            await world.event(seats=seats, starts_in=timedelta(seconds=sale_ends_in), price=self.terms.price)
            for seats, sale_ends_in in zip(events, sale_ends_in_s, strict=True)
        ]
        return Door(
            booking=self.booking,
            events=self.events,
            venues=venues,
            users=[await world.person() for _ in range(users)]
            + [await world.person(role="admin") for _ in range(admins)],
        )

    async def rows(self, door: Door) -> Mapping[int, tuple[str, int]]:
        """Status and version of every seat of the sale that there is, by its number."""
        rows = await self.connection.fetch(_ROWS, door.seat_ids)
        return {door.seat_ids.index(row["id"]): (row["status"], row["version"]) for row in rows}

    async def sweep(self) -> None:
        """What the background workers do; theirs do not run here, since they go by the real time."""
        await sweep(self.connection, batch=SWEEP_BATCH)  # type: ignore[arg-type]  # asks no more of a pool than `fetch`

    async def forget_gates(self) -> None:
        """Redis loses what it has."""
        await self.redis.flushdb()

    def audit(self) -> Report:
        """Every invariant, of the whole database."""
        terms = AuditTerms(hold_limit=self.terms.seats_per_user, scratch=True)
        return inspect(self.database_url, all_invariants(), terms)


@asynccontextmanager
async def open_box_office(database_url: str, redis_url: str, terms: Terms) -> AsyncIterator[BoxOffice]:
    """The services on an empty database that has the clock, with nothing in Redis."""
    environment = environ(
        database_url=database_url,
        redis_url=redis_url,
        hold_duration_s=str(terms.hold_lasts_s),
        hold_max_s=str(terms.hold_lasts_at_most_s),
        max_seats_per_hold=str(terms.seats_per_hold),
        max_held_seats_per_user=str(terms.seats_per_user),
        sweep_interval_s=NEVER_S,
        heal_interval_s=HEAL_S,
        database_pool_size="4",
    )
    connection = await asyncpg.connect(database_url)
    gates = redis.Redis.from_url(redis_url)
    try:
        await gates.flushdb()
        async with (
            running(create_booking(BookingSettings(**environment))) as one,  # type: ignore[arg-type]  # from text
            running(create_booking(BookingSettings(**environment))) as other,  # type: ignore[arg-type]
            running(
                create_events(EventsSettings.model_validate(environ(database_url=database_url, redis_url=redis_url)))
            ) as events,
        ):
            yield BoxOffice(database_url, connection, gates, Clock(connection, gates), (one, other), events, terms)
    finally:
        await gates.aclose()
        connection.terminate()


@contextmanager
def box_office(runner: asyncio.Runner, database_url: str, redis_url: str, terms: Terms) -> Iterator[BoxOffice]:
    """The same, for a caller that has no loop but runs one."""
    opening = open_box_office(database_url, redis_url, terms)
    opened = runner.run(opening.__aenter__())
    try:
        yield opened
    finally:
        runner.run(opening.__aexit__(None, None, None))
