"""Changing events, and who may; one administrator at a time."""

from typing import Any

from tests.integration.events.aftermath import audit
from tests.integration.events.conftest import Organiser
from tests.support.hostile import assert_refused
from tests.support.world import World


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
