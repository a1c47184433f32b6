"""Creating, changing and deleting events, one administrator at a time."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from events_service.catalog.schemas import EventDetails
from events_service.seat_plans import TEMPLATES
from events_service.seat_plans.pretix import pretix_from_plan
from events_service.seat_plans.pretix.__main__ import main as pretix
from shared.contracts.live_messages import EventRemoved, decode
from shared.contracts.redis_keys import live_channel
from tests.integration.events.conftest import Organiser
from tests.integration.events.sales import sell
from tests.support.hostile import assert_refused
from tests.support.world import Person, World

EVERY_TABLE_OF_AN_EVENT = ("events", "seats", "bookings", "double_entries", "orders")
NOTHING_SOLD = dict.fromkeys(EVERY_TABLE_OF_AN_EVENT, 0)


async def rows_left(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in EVERY_TABLE_OF_AN_EVENT}


async def audit(connection: "asyncpg.Connection[asyncpg.Record]") -> list[dict[str, Any]]:
    rows = await connection.fetch("SELECT * FROM audit_log ORDER BY id")
    return [{**row, "detail": json.loads(row["detail"])} for row in rows]


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


async def test_a_change_changes_what_was_sent_and_nothing_else(organiser: Organiser, world: World) -> None:
    before = await organiser.create(image_url="https://i.scdn.co/image/a", description="Old.")
    path = f"/events/{before['id']}"

    moved = await organiser.client.patch(
        path, json={"venue": "Rex", "start_time": "2031-01-01T00:30:00+02:00"}, headers=organiser.headers
    )
    bare = await organiser.client.patch(path, json={"image_url": None, "description": ""}, headers=organiser.headers)

    assert moved.status_code == 200
    assert moved.json() == before | {"venue": "Rex", "start_time": "2030-12-31T22:30:00Z"}
    assert bare.json() == moved.json() | {"image_url": f"/api{path}/artwork.svg", "description": ""}
    assert (await organiser.client.get(path)).json() == bare.json()
    entry = (await audit(world.connection))[1]
    assert entry["action"] == "event.changed"
    assert entry["detail"] == {"changes": {"venue": "Rex", "start_time": "2030-12-31T22:30:00+00:00"}}


async def test_an_event_says_where_its_clocks_run(organiser: Organiser) -> None:
    unsaid = await organiser.create()
    said = await organiser.create(time_zone="Europe/London")

    moved = await organiser.client.patch(
        f"/events/{said['id']}", json={"time_zone": "America/Argentina/Buenos_Aires"}, headers=organiser.headers
    )

    assert (unsaid["time_zone"], said["time_zone"]) == ("UTC", "Europe/London")
    assert moved.json() == said | {"time_zone": "America/Argentina/Buenos_Aires"}


NO_CHANGES: list[dict[str, Any]] = [
    {}, {"name": None}, {"start_time": None}, {"venue": ""}, {"start_time": "2020-01-01T00:00:00Z"},
    {"event_type": "movie"}, {"price_from": 1}, {"currency": "USD"}, {"capacity": 3}, {"status": "closed"},
    {"image_url": "https://evil.example/"}, {"seat_plan_hash": "0"}, {"time_zone": None}, {"time_zone": "Mars/Base"},
]  # fmt: skip


async def test_what_is_no_change_is_422(organiser: Organiser) -> None:
    event = await organiser.create()

    for body in NO_CHANGES:
        answer = await organiser.client.patch(f"/events/{event['id']}", json=body, headers=organiser.headers)

        assert answer.status_code == 422, body
    assert (await organiser.client.get(f"/events/{event['id']}")).json() == event


async def test_deleting_removes_everything_and_the_ledger_tells_it(organiser: Organiser, world: World) -> None:
    ann = await world.person()
    kept = await world.event(name="kept", seats=2)
    gone = await world.event(name="gone", seats=3)
    free, held, ended = gone.seat_ids
    await world.hold(gone, [held], ann)
    await world.hold(gone, [ended], ann, ends_in_s=-1)

    answer = await organiser.client.delete(f"/events/{gone.event_id}", headers=organiser.headers)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await organiser.client.get(f"/events/{gone.event_id}")).status_code == 404
    assert (await organiser.client.delete(f"/events/{gone.event_id}", headers=organiser.headers)).status_code == 404
    assert await rows_left(world.connection) == {
        "events": 1,
        "seats": 2,
        "bookings": 0,
        "double_entries": 0,
        "orders": 0,
    }
    assert (await organiser.client.get(f"/events/{kept.event_id}/seats")).status_code == 200
    for seat_id, versions in ((free, [1]), (held, [1, 2]), (ended, [1, 2])):
        ledger = await world.ledger(seat_id)
        assert [row["version"] for row in ledger] == versions
        assert ledger[-1]["new_status"] == "blocked"
    (entry,) = await audit(world.connection)
    assert entry["action"] == "event.deleted"
    assert entry["detail"]["event"]["name"] == "gone"
    assert entry["detail"]["bookings"] == []


async def let_in_twice(world: World, booking_id: int, staff: Person) -> None:
    """Two doors have let somebody in with the ticket of this booking."""
    await world.connection.execute(
        "UPDATE bookings SET admitted_at = now(), admitted_by = $2 WHERE id = $1", booking_id, staff.id
    )
    await world.connection.execute(
        "INSERT INTO double_entries (booking_id, event_id, scanned_at, scanned_by)"
        " SELECT id, event_id, now(), $2 FROM bookings WHERE id = $1",
        booking_id,
        staff.id,
    )


async def test_an_event_with_confirmed_bookings_stays_unless_forced(organiser: Organiser, world: World) -> None:
    ann, ben = await world.person(), await world.person()
    venue = await world.event(seats=4, price=2500)
    first, second = venue.seat_ids[:2]
    bookings = [await sell(world, venue, first, ann), await sell(world, venue, second, ben)]
    await let_in_twice(world, bookings[0], organiser.person)
    path = f"/events/{venue.event_id}"

    refused = await organiser.client.delete(path, headers=organiser.headers)
    also_refused = await organiser.client.delete(f"{path}?force=false", headers=organiser.headers)

    assert refused.status_code == also_refused.status_code == 409
    assert refused.json()["type"] == "/problems/event-has-bookings"
    assert refused.json()["confirmed_bookings"] == 2
    assert (await world.seat(first))["status"] == "booked"
    assert await audit(world.connection) == []

    forced = await organiser.client.delete(f"{path}?force=true", headers=organiser.headers)

    assert forced.status_code == 204
    assert await rows_left(world.connection) == dict.fromkeys(EVERY_TABLE_OF_AN_EVENT, 0)
    (entry,) = await audit(world.connection)
    assert (entry["action"], entry["actor_id"]) == ("event.force_deleted", organiser.person.id)
    detail = entry["detail"]
    assert detail["event"]["id"] == venue.event_id
    assert detail["confirmed_bookings"] == 2
    assert [{k: v for k, v in booking.items() if k != "order_id"} for booking in detail["bookings"]] == [
        {
            "booking_id": booking_id,
            "user_id": person.id,
            "seat_id": seat_id,
            "seat_number": seat_number,
            "price": 2500,
            "currency": "EUR",
            "status": "confirmed",
            "admitted": seat_id == first,
        }
        for booking_id, person, seat_id, seat_number in zip(
            bookings, (ann, ben), (first, second), ("A1", "A2"), strict=True
        )
    ]
    ledger = await world.ledger(first)
    assert [row["new_status"] for row in ledger] == ["held", "booked", "blocked"]
    assert ledger[-1]["booking_id"] == bookings[0]


async def test_bookings_that_were_cancelled_do_not_keep_an_event(organiser: Organiser, world: World) -> None:
    ann = await world.person()
    venue = await world.event(seats=1)
    (seat_id,) = venue.seat_ids
    booking_id = await sell(world, venue, seat_id, ann)
    async with world.connection.transaction():
        await world.connection.execute(
            "UPDATE seats SET status = 'available', booking_id = NULL, version = version + 1 WHERE id = $1", seat_id
        )
        await world.connection.execute(
            "UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE id = $1", booking_id
        )

    answer = await organiser.client.delete(f"/events/{venue.event_id}", headers=organiser.headers)

    assert answer.status_code == 204
    (entry,) = await audit(world.connection)
    assert entry["action"] == "event.deleted"
    assert [booking["status"] for booking in entry["detail"]["bookings"]] == ["cancelled"]


@asynccontextmanager
async def listening(redis: Redis, channel: str) -> AsyncIterator[asyncio.Queue[bytes]]:
    """What is said on `channel`, as a queue."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(channel)
        await pubsub.get_message(timeout=2)

        async def listen() -> None:
            async for message in pubsub.listen():
                heard.put_nowait(message["data"])

        task = asyncio.create_task(listen())
        yield heard
        task.cancel()


async def test_viewers_are_told_of_the_end_once_it_has_happened(
    organiser: Organiser, world: World, redis: Redis
) -> None:
    ann = await world.person()
    venue = await world.event(seats=1)
    await sell(world, venue, venue.seat_ids[0], ann)

    async with listening(redis, live_channel(venue.event_id)) as heard:
        await organiser.client.delete(f"/events/{venue.event_id}", headers=organiser.headers)
        await organiser.client.delete(f"/events/{venue.event_id}?force=true", headers=organiser.headers)
        async with asyncio.timeout(2):
            first = await heard.get()

    # The refusal came first, and said nothing.
    assert decode(first) == EventRemoved(venue.event_id)
    assert heard.empty()


async def test_without_redis_administrators_still_work(organiser_without_redis: Organiser) -> None:
    organiser = organiser_without_redis

    event = await organiser.create()
    changed = await organiser.client.patch(f"/events/{event['id']}", json={"name": "New"}, headers=organiser.headers)
    deleted = await organiser.client.delete(f"/events/{event['id']}", headers=organiser.headers)

    assert (changed.status_code, deleted.status_code) == (200, 204)


async def test_first_who_then_whether_then_what(organiser: Organiser, world: World) -> None:
    client, ann = organiser.client, await world.person()
    event = await organiser.create()
    here, nowhere, nonsense = f"/events/{event['id']}", "/events/999999", "/events/1_000"

    async def status(method: str, path: str, headers: dict[str, str], body: Any = None) -> int:
        return (await client.request(method, path, headers=headers, json=body)).status_code

    wrong = {"no": "such member"}
    for method, paths in {"POST": ["/events"], "PATCH": [here, nowhere, nonsense]}.items():
        for path in paths:
            assert await status(method, path, {}, wrong) == 401
            assert await status(method, path, {"Authorization": "Bearer nonsense"}, wrong) == 401
            assert await status(method, path, ann.headers, wrong) == 403
    for path in (here, nowhere, nonsense):
        assert await status("DELETE", f"{path}?force=perhaps", {}) == 401
        assert await status("DELETE", f"{path}?force=perhaps", ann.headers) == 403
    assert await status("PATCH", nowhere, organiser.headers, wrong) == 404
    assert await status("PATCH", here, organiser.headers, wrong) == 422
    assert await status("PATCH", nonsense, organiser.headers, wrong) == 422
    assert await status("DELETE", f"{nowhere}?force=perhaps", organiser.headers) == 404
    assert await status("DELETE", f"{here}?force=perhaps", organiser.headers) == 422
    for force in ("1", "True", "yes", "%00", ""):
        assert await status("DELETE", f"{here}?force={force}", organiser.headers) == 422
    assert await status("GET", here, {}) == 200


async def test_an_administrator_who_was_demoted_is_refused_at_once(organiser: Organiser, world: World) -> None:
    await world.connection.execute("UPDATE users SET role = 'user' WHERE id = $1", organiser.person.id)

    answer = await organiser.client.post("/events", json=organiser.body(), headers=organiser.headers)

    assert answer.status_code == 403


async def test_hostile_bodies_are_refused(organiser: Organiser, world: World) -> None:
    event = await organiser.create()
    assert event["id"] == 1  # where the hostile bodies go

    await assert_refused(organiser.client, "POST", "/events", organiser.headers, example=organiser.body())
    await assert_refused(
        organiser.client, "PATCH", "/events/{event_id}", organiser.headers, example={"name": "New", "city": "Bonn"}
    )
    await assert_refused(
        organiser.client, "PATCH", "/events/{event_id}", organiser.headers, example={"image_url": "https://i.scdn.co/a"}
    )

    assert (await organiser.client.get("/events/1")).json() == event
    assert await world.connection.fetchval("SELECT count(*) FROM events") == 1


async def test_a_large_house_is_deleted_within_seconds(organiser: Organiser, world: World) -> None:
    """Blocking 12,000 seats took the guard of the seats 22 s, when it compared them row with row."""
    event = await organiser.create(event_type="concert", template="arena", capacity=12_000)

    async with asyncio.timeout(8):
        answer = await organiser.client.delete(f"/events/{event['id']}", headers=organiser.headers)

    assert answer.status_code == 204
    assert await world.connection.fetchval("SELECT count(*) FROM seat_log WHERE new_status = 'blocked'") == 12_000


async def test_a_stadium_is_put_on_sale_and_deleted_within_the_limit_of_a_statement(
    organiser: Organiser, world: World
) -> None:
    event = await organiser.create(event_type="sports", template="stadium", capacity=None)
    seats = await world.connection.fetchval("SELECT count(*) FROM seats WHERE event_id = $1", event["id"])

    answer = await organiser.client.delete(f"/events/{event['id']}", headers=organiser.headers)

    assert (event["seat_count"], seats, answer.status_code) == (50_000, 50_000, 204)


async def test_events_starting_soon_may_be_created(organiser: Organiser) -> None:
    assert (await organiser.create(starts_in=timedelta(minutes=1)))["status"] == "on_sale"
