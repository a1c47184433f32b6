"""How an event sells, as its organiser sees it."""

from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from booking_service.main import create_app
from booking_service.sales.refusals import Refusals
from booking_service.settings import BookingSettings
from tests.integration.booking.requests import place
from tests.integration.booking.test_bookings import buy
from tests.support.apps import environ, running
from tests.support.hostile import hostile_ids
from tests.support.plans import plan, row, seated
from tests.support.world import Person, Venue, World


@pytest.fixture
async def organiser(world: World) -> Person:
    return await world.person(role="admin")


async def sales(booking: httpx.AsyncClient, person: Person, event_id: object) -> Any:
    answer = await booking.get(f"/sales/{event_id}", headers=person.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


async def test_a_sale_is_told_as_seats_baskets_money_and_categories(
    booking: httpx.AsyncClient, world: World, ann: Person, ben: Person, organiser: Person
) -> None:
    venue = await world.event(
        plan=plan(seated(row(4, category="gold"), row(6, label="B", category="plain")), categories=["gold", "plain"]),
        prices={"gold": 5000, "plain": 2000},
    )
    order = await buy(booking, ann, *venue.seat_ids[:2], venue.seat_ids[4])
    await place(booking, ben, venue.seat_ids[5])

    told = await sales(booking, organiser, venue.event_id)

    assert {name: told[name] for name in ("event_id", "currency", "total", "sold", "held", "blocked")} == {
        "event_id": venue.event_id,
        "currency": "EUR",
        "total": 10,
        "sold": 3,
        "held": 1,
        "blocked": 0,
    }
    assert (told["revenue"], told["potential"]) == (12_000, 32_000)
    assert told["median_held_s"] >= 0
    assert told["ledger"] == {"sold": 3, "double_bookings": 0}
    assert told["categories"] == [
        {"category": "gold", "price": 5000, "total": 4, "sold": 2, "held": 0, "blocked": 0},
        {"category": "plain", "price": 2000, "total": 6, "sold": 1, "held": 1, "blocked": 0},
    ]
    assert sum(hour["sold"] for hour in told["hours"]) == 3
    assert all(hour["hour"].endswith(":00:00Z") for hour in told["hours"])
    assert [(one["seat_ids"], one["total"]) for one in told["recent"]] == [
        ([*venue.seat_ids[:2], venue.seat_ids[4]], order["total"])
    ]


async def test_what_is_cancelled_is_not_sold_any_more(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, organiser: Person
) -> None:
    order = await buy(booking, ann, *venue.seat_ids[:2])
    await booking.post(f"/cancel-booking/{order['bookings'][0]['id']}", headers=ann.headers)

    told = await sales(booking, organiser, venue.event_id)

    assert (told["sold"], told["revenue"], told["ledger"]["sold"]) == (1, 4500, 1)
    assert [one["seat_ids"] for one in told["recent"]] == [[venue.seat_ids[1]]]


async def test_an_event_that_nobody_has_bought_yet_has_its_numbers_too(
    booking: httpx.AsyncClient, venue: Venue, organiser: Person
) -> None:
    told = await sales(booking, organiser, venue.event_id)

    assert (told["sold"], told["revenue"], told["median_held_s"], told["hours"], told["recent"]) == (0, 0, None, [], [])


async def test_a_hold_that_has_ended_is_in_no_basket(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, organiser: Person
) -> None:
    await world.hold(venue, list(venue.seat_ids[:2]), ann, ends_in_s=-1)

    told = await sales(booking, organiser, venue.event_id)

    assert (told["held"], told["median_held_s"]) == (0, None)


@pytest.mark.usefixtures("gate")  # which begins with an empty Redis
async def test_who_comes_too_late_is_counted_once_and_only_for_that_event(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person, organiser: Person
) -> None:
    other = await world.event(seats=3)
    await place(booking, ann, *venue.seat_ids[:2])
    # Each test has a new database, and so the ids of the one before; the numbers in Redis may be its.
    before, of_other = [(await sales(booking, organiser, one.event_id))["refused"] for one in (venue, other)]

    for wanted in (venue.seat_ids[:1], venue.seat_ids[1:3]):
        assert (await place(booking, ben, *wanted)).status_code == 409

    assert (await sales(booking, organiser, venue.event_id))["refused"] == before + 2
    assert (await sales(booking, organiser, other.event_id))["refused"] == of_other


async def test_refusals_of_all_instances_add_up_and_survive_their_end(redis_url: str, venue: Venue) -> None:
    redis = Redis.from_url(redis_url)
    await redis.flushdb()
    one, other = Refusals(redis), Refusals(redis)
    one.note(venue.event_id)
    other.note(venue.event_id)
    other.note(venue.event_id)

    await one.tell()
    await other.tell()
    await other.tell()

    assert await Refusals(redis).count(venue.event_id) == await one.count(venue.event_id) == 3
    await redis.aclose()


async def test_without_redis_the_refusals_are_unknown_and_the_rest_is_told(
    clean_database: str, venue: Venue, organiser: Person
) -> None:
    settings = BookingSettings(**environ(database_url=clean_database, redis_url="redis://127.0.0.1:1/0"))  # type: ignore[arg-type]
    async with running(create_app(settings)) as booking:
        told = await sales(booking, organiser, venue.event_id)

    assert (told["refused"], told["total"]) == (None, 12)


async def test_only_administrators_are_told(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, organiser: Person
) -> None:
    path = f"/sales/{venue.event_id}"

    assert (await booking.get(path)).status_code == 401
    assert (await booking.get(path, headers=ann.headers)).status_code == 403
    assert (await booking.get("/sales/999999", headers=organiser.headers)).status_code == 404


async def test_what_is_no_id_is_refused(booking: httpx.AsyncClient, organiser: Person) -> None:
    for hostile in hostile_ids():
        answer = await booking.get(f"/sales/{hostile}", headers=organiser.headers)

        assert answer.status_code in (404, 422), hostile
        assert answer.headers["content-type"] == "application/problem+json", hostile
