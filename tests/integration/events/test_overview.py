"""All events as their organisers see them: found, turned through, and what is sold of each."""

from typing import Any

import pytest

from tests.integration.events.conftest import Organiser
from tests.integration.events.queries import counted_queries
from tests.integration.events.sales import sell
from tests.support.world import Venue, World


async def overview(organiser: Organiser, **params: Any) -> Any:
    answer = await organiser.client.get("/events/overview", params=params, headers=organiser.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


def venue_of(event: dict[str, Any]) -> Venue:
    first = event["first_seat_id"]
    return Venue(event["id"], tuple(range(first, first + event["seat_count"])))


async def test_each_event_says_what_is_sold_held_and_earned_at_this_moment(organiser: Organiser, world: World) -> None:
    event = await organiser.create(name="Half sold")
    untouched = await organiser.create(name="Untouched", currency="CHF")
    house, ann = venue_of(event), await world.person()
    prices = {row["id"]: row["price"] for row in await world.connection.fetch("SELECT id, price FROM seats")}
    sold = [house.seat_ids[0], house.seat_ids[3]]
    for seat_id in sold:
        await sell(world, house, seat_id, ann)
    await world.hold(house, [house.seat_ids[1]], ann)
    await world.hold(house, [house.seat_ids[2]], ann, ends_in_s=-1)

    items = {item["name"]: item for item in (await overview(organiser))["items"]}

    assert items["Half sold"] == {
        "id": event["id"],
        "name": "Half sold",
        "event_type": "concert",
        "venue": "Aurora Theatre",
        "city": "Berlin",
        "start_time": event["start_time"],
        "time_zone": "UTC",
        "status": "on_sale",
        "seat_count": 4,
        "sold": 2,
        "held": 1,
        "revenue": sum(prices[seat_id] for seat_id in sold),
        "price_from": 3900,
        "currency": "EUR",
    }
    assert {name: items["Untouched"][name] for name in ("id", "sold", "held", "revenue", "currency")} == {
        "id": untouched["id"],
        "sold": 0,
        "held": 0,
        "revenue": 0,
        "currency": "CHF",
    }


async def test_past_events_are_told_apart_and_come_the_latest_first(organiser: Organiser, world: World) -> None:
    past = [await world.event(seats=1, name=f"Past {n}") for n in range(3)]
    for days, venue in enumerate(past, start=1):
        await world.connection.execute(
            "UPDATE events SET start_time = now() - make_interval(days => $2) WHERE id = $1", venue.event_id, days
        )
    await organiser.create(name="To come")

    assert [item["name"] for item in (await overview(organiser))["items"]] == ["To come"]
    assert [item["name"] for item in (await overview(organiser, when="past"))["items"]] == [
        "Past 0",
        "Past 1",
        "Past 2",
    ]


@pytest.mark.parametrize("when", ["upcoming", "past"])
async def test_pages_lead_to_every_event_once(organiser: Organiser, world: World, when: str) -> None:
    for n in range(5):
        venue = await world.event(seats=1, name=f"Evening {n}")
        if when == "past":
            # Two at a time start together: the id decides.
            await world.connection.execute(
                "UPDATE events SET start_time = $2::timestamptz - make_interval(days => $3) WHERE id = $1",
                venue.event_id, await world.connection.fetchval("SELECT date_trunc('day', now())"), n // 2,
            )  # fmt: skip
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await overview(organiser, when=when, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert sorted(seen) == [f"Evening {n}" for n in range(5)]


async def test_a_search_looks_at_name_venue_and_city_and_takes_percent_signs_as_such(organiser: Organiser) -> None:
    await organiser.create(name="100% Garden")
    await organiser.create(name="Metropolis", venue="Rex Cinema", city="Bonn")

    async def found(q: str) -> list[str]:
        return [item["name"] for item in (await overview(organiser, q=q))["items"]]

    assert await found("gard") == ["100% Garden"]
    assert await found("0% G") == ["100% Garden"]
    assert await found("REX") == await found("bonn") == ["Metropolis"]
    assert await found("%") == ["100% Garden"]


async def test_a_page_is_one_statement_however_many_events_it_has(organiser: Organiser) -> None:
    for n in range(6):
        await organiser.create(name=f"Evening {n}")

    with counted_queries() as statements:
        await overview(organiser)

    assert len([statement for statement in statements if "FROM events" in statement]) == 1
    assert len(statements) <= 2, "one for who asks, one for the page"


async def test_only_administrators_see_it(organiser: Organiser, world: World) -> None:
    ann = await world.person()

    assert (await organiser.client.get("/events/overview")).status_code == 401
    assert (await organiser.client.get("/events/overview", headers=ann.headers)).status_code == 403


@pytest.mark.parametrize(
    "params",
    [
        {"when": "tomorrow"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "+5"},
        {"cursor": "x"},
        {"cursor": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"q": ""},
        {"q": "x" * 101},
        {"q": "\0"},
    ],
)
async def test_questions_that_make_no_sense_are_refused(organiser: Organiser, params: dict[str, str]) -> None:
    answer = await organiser.client.get("/events/overview", params=params, headers=organiser.headers)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
