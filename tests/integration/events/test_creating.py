"""Putting events on sale."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from events_service.catalog.schemas import EventDetails
from events_service.seat_plans import TEMPLATES
from events_service.seat_plans.pretix import pretix_from_plan
from events_service.seat_plans.pretix.__main__ import main as pretix
from tests.integration.events.aftermath import EVERY_TABLE_OF_AN_EVENT, audit, rows_left
from tests.integration.events.conftest import Organiser
from tests.support.world import World


async def test_creating_an_event_makes_its_seats_and_says_where_it_is(organiser: Organiser, world: World) -> None:
    body = organiser.body(name="  Metropolis ", event_type="movie", capacity=12, base_price=700, currency="CHF")

    answer = await organiser.client.post("/events", json=body, headers=organiser.headers)

    assert answer.status_code == 201
    details = answer.json()
    EventDetails.model_validate(details)
    where = httpx.URL("http://testserver/events").join(answer.headers["location"])
    assert where.path == f"/events/{details['id']}"
    assert (await organiser.client.get(where)).json() == details
    assert details["name"] == "Metropolis"
    assert details["price_from"] == 700
    seats = await world.connection.fetch("SELECT id, status FROM seats WHERE event_id = $1 ORDER BY id", details["id"])
    assert [seat["id"] for seat in seats] == list(range(details["first_seat_id"], details["first_seat_id"] + 12))
    assert {seat["status"] for seat in seats} == {"available"}
    (entry,) = await audit(world.connection)
    assert (entry["actor_id"], entry["action"]) == (organiser.person.id, "event.created")
    assert (entry["object_type"], entry["object_id"]) == ("event", str(details["id"]))
    assert entry["request_id"] == answer.headers["x-request-id"]


async def test_a_creation_whose_answer_was_lost_is_asked_for_again_with_its_key_and_makes_no_second_event(
    organiser: Organiser, world: World
) -> None:
    """The page asked up to three times when no answer came, and once each time there was an event."""
    keyed = organiser.headers | {"Idempotency-Key": "one-evening"}
    body = organiser.body(name='The "Night" Garden')
    refused = await organiser.client.post("/events", json=body | {"template": "no such room"}, headers=keyed)

    answers = [
        await organiser.client.post("/events", json=body, headers=keyed),
        *await asyncio.gather(*(organiser.client.post("/events", json=body, headers=keyed) for _ in range(3))),
    ]

    # What was refused has changed nothing, so its key is free to send it mended.
    assert refused.status_code == 422
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.headers["location"] for answer in answers} == {f"events/{answers[0].json()['id']}"}
    assert await rows_left(world.connection) == {
        "events": 1,
        "seats": 4,
        "bookings": 0,
        "double_entries": 0,
        "orders": 0,
    }
    assert len(await audit(world.connection)) == 1


async def test_two_tries_at_once_with_one_key_make_one_event(organiser: Organiser, world: World) -> None:
    keyed = organiser.headers | {"Idempotency-Key": "at-once"}
    body = organiser.body()

    answers = await asyncio.gather(
        *(organiser.client.post("/events", json=body, headers=keyed) for _ in range(5)),
        organiser.client.post("/events", json=body, headers=organiser.headers),
    )

    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["id"] for answer in answers[:5]}) == 1
    # Without a key, each request is an event.
    assert (await rows_left(world.connection))["events"] == 2


async def test_a_key_stands_for_one_event_of_one_organiser(organiser: Organiser, world: World) -> None:
    keyed = organiser.headers | {"Idempotency-Key": "mine"}
    other = (await world.person(role="admin")).headers | {"Idempotency-Key": "mine"}
    body = organiser.body()
    await organiser.client.post("/events", json=body, headers=keyed)

    changed = await organiser.client.post("/events", json=body | {"city": "Paris"}, headers=keyed)
    of_another = await organiser.client.post("/events", json=body, headers=other)
    malformed = await organiser.client.post("/events", json=body, headers=keyed | {"Idempotency-Key": "x" * 256})

    assert (changed.status_code, changed.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert of_another.status_code == 201
    assert malformed.status_code == 422
    assert (await rows_left(world.connection))["events"] == 2


async def test_prices_may_be_named_for_every_category(organiser: Organiser) -> None:
    room = await organiser.create(event_type="movie", template="cinema-small", capacity=96)
    prices = {category: 1000 + 100 * nth for nth, category in enumerate(sorted(room["prices"]))}
    body = organiser.body(event_type="movie", template="cinema-small", capacity=96, prices=prices)
    del body["base_price"]

    answer = await organiser.client.post("/events", json=body, headers=organiser.headers)

    assert answer.status_code == 201, answer.text
    assert answer.json()["prices"] == prices
    assert answer.json()["price_from"] == 1000
    for wrong in (prices | {"throne": 1}, {"throne": 1}, dict(list(prices.items())[:1])):
        answer = await organiser.client.post("/events", json=body | {"prices": wrong}, headers=organiser.headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"] == ["body", "prices"]
        assert all(category in answer.json()["errors"][0]["msg"] for category in prices)


async def test_an_event_may_have_the_very_plan_of_another_one(organiser: Organiser) -> None:
    first = await organiser.create(event_type="comedy", capacity=20)
    body = organiser.body(event_type="comedy", seat_plan=first["seat_plan_hash"])
    del body["capacity"]

    again = await organiser.client.post("/events", json=body, headers=organiser.headers)
    both = await organiser.client.post("/events", json=body | {"capacity": 20}, headers=organiser.headers)
    unknown = await organiser.client.post("/events", json=body | {"seat_plan": "0" * 64}, headers=organiser.headers)
    circus = await organiser.client.post("/events", json=body | {"event_type": "circus"}, headers=organiser.headers)

    assert again.status_code == 201, again.text
    for member in ("seat_plan_hash", "seat_count", "prices"):
        assert again.json()[member] == first[member]
    assert (both.status_code, circus.status_code, unknown.status_code) == (422, 422, 422)


async def test_a_seating_plan_of_pretix_becomes_an_event(
    organiser: Organiser, clean_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = TEMPLATES["cinema-small"].build()
    (tmp_path / "pretix.json").write_text(json.dumps(pretix_from_plan(plan).seating_plan))
    command = ["read", str(tmp_path / "pretix.json"), "--database-url", clean_database]

    assert [pretix(command) for _ in range(2)] == [0, 0]
    said = capsys.readouterr().out
    body = organiser.body(event_type="movie", seat_plan=said.split()[-1])
    del body["capacity"]
    created = await organiser.client.post("/events", json=body, headers=organiser.headers)

    assert created.status_code == 201, created.text
    assert created.json()["seat_count"] == plan.seat_count
    assert set(created.json()["prices"]) == {"premium", "standard"}


async def test_a_stored_document_that_is_no_plan_makes_no_event(organiser: Organiser, world: World) -> None:
    await world.connection.execute("INSERT INTO seat_plans (hash, document) VALUES ($1, '{}')", "f" * 64)
    body = organiser.body(seat_plan="f" * 64)
    del body["capacity"]

    answer = await organiser.client.post("/events", json=body, headers=organiser.headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "seat_plan"]


NO_EVENTS: list[dict[str, Any]] = [
    {"start_time": "2020-01-01T00:00:00Z"}, {"start_time": "2030-01-01"}, {"start_time": "soon"},
    {"start_time": 1893456000}, {"start_time": "2030-02-30T00:00:00Z"}, {"start_time": "2999-01-01T00:00:00Z"},
    {"name": ""}, {"name": "   "}, {"name": "x" * 201}, {"name": "two\nlines"}, {"name": "bell\u0007"},
    {"venue": ""}, {"city": " "}, {"description": "x" * 5001}, {"event_type": "circus"}, {"event_type": ""},
    {"template": "castle"}, {"seat_plan": "0" * 64}, {"seat_plan": "A"},
    {"capacity": 0}, {"capacity": 75001}, {"capacity": "10"}, {"capacity": True},
    {"base_price": -1}, {"base_price": 100_000_001}, {"base_price": 9.99}, {"prices": {}},
    {"prices": {"standard": 1}}, {"currency": "EURO"}, {"currency": "eur"}, {"currency": "ZZZ"},
    {"image_url": "http://image.tmdb.org/t/p/w500/a.jpg"}, {"image_url": "https://evil.example/a.jpg"},
    {"image_url": "https://image.tmdb.org@evil.example/a.jpg"}, {"image_url": "https://image.tmdb.org.evil.example/a"},
    {"image_url": "https://image.tmdb.org:8443/a.jpg"}, {"image_url": "https://image.tmdb.org\\@evil.example/a"},
    {"image_url": "javascript:alert(1)"}, {"image_url": "//i.scdn.co/a"}, {"image_url": ""},
    {"id": 7}, {"status": "closed"}, {"price_from": 1}, {"first_seat_id": 1}, {"seat_count": 1},
    {"time_zone": ""}, {"time_zone": "Berlin"}, {"time_zone": "+02:00"}, {"time_zone": "../../etc/passwd"},
    {"time_zone": "Europe/Berlin" * 9}, {"time_zone": None},
]  # fmt: skip


async def test_what_is_no_event_is_422_and_leaves_nothing(organiser: Organiser, world: World) -> None:
    for members in NO_EVENTS:
        answer = await organiser.client.post("/events", json=organiser.body() | members, headers=organiser.headers)

        assert answer.status_code == 422, members
        assert answer.json()["errors"], members
    assert await rows_left(world.connection) == dict.fromkeys(EVERY_TABLE_OF_AN_EVENT, 0)


async def test_a_picture_on_a_trusted_host_is_kept(organiser: Organiser) -> None:
    picture = "https://i.scdn.co/image/ab67616d0000b273"

    created = await organiser.create(image_url=picture)

    assert created["image_url"] == picture


async def test_events_starting_soon_may_be_created(organiser: Organiser) -> None:
    assert (await organiser.create(starts_in=timedelta(minutes=1)))["status"] == "on_sale"
