"""What a sale's page says of the ledger: the same as reading all of it would, though no entry is read twice."""

import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from booking_service.main import create_app
from booking_service.sales.refusals import Refusals
from booking_service.sales.schemas import LedgerCheck
from booking_service.sales.service import SalesService
from booking_service.settings import BookingSettings
from shared.chassis.problems import NotFound
from tests.integration.booking.test_bookings import buy
from tests.support.apps import environ, running
from tests.support.world import Person, Venue, World

# In words that nothing of ours uses: every entry of the event, from the beginning.
WHOLE_LEDGER = """
    WITH seats AS (
        SELECT seat_id, count(*) FILTER (WHERE new_status = 'booked')
                      - count(*) FILTER (WHERE old_status = 'booked' AND new_status <> 'booked') AS sold
        FROM seat_log WHERE event_id = $1 GROUP BY seat_id
    )
    SELECT coalesce(sum(sold), 0)::int AS sold, count(*) FILTER (WHERE sold > 1) AS double_bookings FROM seats
"""


@pytest.fixture
async def shop(clean_database: str, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Where people buy."""
    async with running(
        create_app(BookingSettings(**environ(database_url=clean_database, redis_url=redis_url)))  # type: ignore[arg-type]
    ) as client:
        yield client


class Desk:
    """Where an organiser asks, at an instance of its own; `asked` is what that has asked PostgreSQL."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", redis: "Redis") -> None:
        self._service = SalesService(pool=pool, refusals=Refusals(redis), pool_wait_s=5)
        self.asked: list[tuple[str, Any]] = []

    @property
    def asked_for_everything(self) -> int:
        """How often the whole ledger of an event was read: the first question is that."""
        return sum(query == self.asked[0][0] for query, _ in self.asked)

    async def ledger(self, event_id: int) -> LedgerCheck:
        """What it says of the ledger, which all its numbers agree with."""
        return (await self._service.of(event_id)).ledger


@pytest.fixture
async def desks(clean_database: str, redis_url: str) -> AsyncIterator[list[Desk]]:
    """Two instances."""
    redis = Redis.from_url(redis_url)
    found: list[Desk] = []

    def noted(query: Any) -> None:
        if "seat_log" in query.query:  # the pool and the driver ask for themselves as well
            found[0].asked.append((query.query, query.args))

    async def listen(connection: Any) -> None:
        connection.add_query_logger(noted)

    async with (
        asyncpg.create_pool(clean_database, min_size=1, max_size=2, init=listen) as one,
        asyncpg.create_pool(clean_database, min_size=1, max_size=2) as other,
    ):
        found += [Desk(one, redis), Desk(other, redis)]
        yield found
    await redis.aclose()


async def whole_ledger(world: World, venue: Venue) -> LedgerCheck:
    row = await world.connection.fetchrow(WHOLE_LEDGER, venue.event_id)
    assert row is not None
    return LedgerCheck(row["sold"], row["double_bookings"])


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_sold_and_given_back_it_says_what_the_whole_ledger_says(
    shop: httpx.AsyncClient, world: World, ann: Person, desks: list[Desk], seed: int
) -> None:
    venues = [await world.event(seats=12), await world.event(seats=5)]
    chance = Random(seed)  # noqa: S311 - chance that can be repeated is the point
    bookings: list[int] = []

    for _ in range(40):
        venue = chance.choice(venues)
        if bookings and chance.random() < 0.4:
            booking_id = bookings.pop(chance.randrange(len(bookings)))
            await shop.post(f"/cancel-booking/{booking_id}", headers=ann.headers)
        else:
            free = await world.connection.fetch(
                "SELECT id FROM seats WHERE event_id = $1 AND status = 'available'", venue.event_id
            )
            wanted = chance.sample([row["id"] for row in free], min(len(free), chance.randint(1, 3)))
            if wanted:
                bookings += [booking["id"] for booking in (await buy(shop, ann, *wanted))["bookings"]]
        # One is asked after nearly every step, the other seldom.
        for desk in chance.choices(desks, weights=(5, 1), k=1):
            for each in venues:
                assert await desk.ledger(each.event_id) == await whole_ledger(world, each)

    for desk in desks:
        for each in venues:
            assert await desk.ledger(each.event_id) == await whole_ledger(world, each)
    assert desks[0].asked_for_everything == len(venues)
    assert (await whole_ledger(world, venues[0])).sold + (await whole_ledger(world, venues[1])).sold == len(bookings)


async def test_what_began_early_and_is_committed_late_counts_once(
    clean_database: str, shop: httpx.AsyncClient, world: World, venue: Venue, ann: Person, desks: list[Desk]
) -> None:
    """Its transaction is older than what was read before it; going by ids or by clocks would pass it over."""
    desk, seat_id = desks[0], venue.seat_ids[0]
    hold_id = await world.hold(venue, [seat_id], ann)
    slow = await asyncpg.connect(clean_database)
    transaction = slow.transaction()
    await transaction.start()
    await book(slow, seat_id, hold_id)
    told = []

    for seat in venue.seat_ids[1:3]:
        await buy(shop, ann, seat)
        told.append((await desk.ledger(venue.event_id)).sold)
    await transaction.commit()
    told += [(await desk.ledger(venue.event_id)).sold for _ in range(2)]

    await slow.close()
    assert told == [1, 2, 3, 3]
    assert desk.asked_for_everything == 1, "what differs is read anew, and that would hide the mistake"


async def test_each_entry_is_read_once(
    shop: httpx.AsyncClient, world: World, venue: Venue, ann: Person, desks: list[Desk]
) -> None:
    desk = desks[0]
    for _ in range(30):
        hold_id = await world.hold(venue, list(venue.seat_ids), ann, ends_in_s=-1)
        await world.connection.execute(LET_GO, hold_id)
    await desk.ledger(venue.event_id)
    await buy(shop, ann, *venue.seat_ids[:2])

    await desk.ledger(venue.event_id)

    first, then = [await entries_read(world, *asked) for asked in desk.asked]
    assert await world.connection.fetchval("SELECT count(*) FROM seat_log") == 30 * 24 + 4
    assert (first, then) == (30 * 24 + 4, 4)  # the first question, asked again now, reads everything


async def test_a_double_booking_is_told_and_a_ledger_that_differs_is_read_anew(
    shop: httpx.AsyncClient, world: World, venue: Venue, ann: Person, desks: list[Desk]
) -> None:
    await buy(shop, ann, venue.seat_ids[0])
    await desks[0].ledger(venue.event_id)
    await world.connection.execute(SOLD_AGAIN, venue.seat_ids[0])

    told = [await desk.ledger(venue.event_id) for desk in desks]

    assert told == [LedgerCheck(sold=2, double_bookings=1)] * 2
    assert (len(desks[0].asked), desks[0].asked_for_everything) == (3, 2)


async def test_a_deleted_event_is_forgotten(world: World, venue: Venue, desks: list[Desk]) -> None:
    await desks[0].ledger(venue.event_id)
    await world.connection.execute("UPDATE seats SET status = 'blocked', version = version + 1")
    await world.connection.execute("DELETE FROM seats")
    await world.connection.execute("DELETE FROM events")

    for _ in range(2):
        with pytest.raises(NotFound):
            await desks[0].ledger(venue.event_id)


LET_GO = """
    UPDATE seats SET status = 'available', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL,
                     version = version + 1
    WHERE hold_id = $1
"""
SOLD_AGAIN = """
    INSERT INTO seat_log (seat_id, version, event_id, old_status, new_status, at)
    SELECT seat_id, version + 1, event_id, 'held', 'booked', clock_timestamp()
    FROM seat_log WHERE seat_id = $1 ORDER BY version DESC LIMIT 1
"""
BOOK = """
    WITH placed AS (
        INSERT INTO orders (id, hold_id, user_id, event_id, total, currency)
        SELECT $2, hold_id, held_by, event_id, price, 'EUR' FROM seats WHERE id = $1 RETURNING *
    ), booked AS (
        INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)
        SELECT id, user_id, event_id, $1, hold_id, total, 'EUR' FROM placed RETURNING *
    )
    UPDATE seats SET status = 'booked', booking_id = booked.id, hold_id = NULL, held_by = NULL, held_since = NULL,
                     hold_expiry = NULL, version = version + 1
    FROM booked WHERE seats.id = $1 AND seats.hold_id = $3
"""


async def book(connection: "asyncpg.Connection[asyncpg.Record]", seat_id: int, hold_id: object) -> None:
    """As a confirmation does."""
    assert await connection.execute(BOOK, seat_id, uuid4(), hold_id) == "UPDATE 1"


async def entries_read(world: World, query: str, args: Any) -> int:
    """How many entries of the ledger PostgreSQL reads for it, whether it then needs them or not."""
    async with world.connection.transaction():
        # The tables of tests are so small that reading all of one is always cheapest.
        await world.connection.execute("SET LOCAL enable_seqscan = off")
        [[text]] = await world.connection.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", *args)
    return sum(
        int(node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(json.loads(text)[0]["Plan"])
        if node.get("Relation Name") == "seat_log"
    )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]
