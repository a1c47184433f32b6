"""The service as a whole: its start, its health, its documents, its hosts."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from events_service.main import create_app
from events_service.settings import EventsSettings
from events_service.startup import wait_until_durable
from shared.database import UnsafeDatabase
from shared.engine import create_engine
from shared.settings import Environment
from tests.integration.events.conftest import Organiser
from tests.support.apps import running
from tests.support.hostile import routes
from tests.support.world import World

FOR_EVERYBODY = {
    "GET /events/browse", "GET /events/movie/{name}/showtimes", "GET /events/{event_id}",
    "GET /events/{event_id}/seats", "GET /events/{event_id}/seat-plan", "GET /events/{event_id}/artwork.svg",
    "GET /health",
}  # fmt: skip
FOR_ADMINISTRATORS = {
    "POST /events", "PATCH /events/{event_id}", "DELETE /events/{event_id}", "GET /events/overview",
    "GET /seat-plan-templates/{name}",
}  # fmt: skip


async def test_health_says_what_it_sees(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "service": "events-service",
        "dependencies": {"postgres": "up", "redis": "up"},
    }


async def test_without_redis_it_is_degraded_and_serves(organiser_without_redis: Organiser) -> None:
    answer = await organiser_without_redis.client.get("/health")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert (await organiser_without_redis.client.get("/events/browse")).status_code == 200


async def test_a_database_that_goes_away_is_503_and_no_fault_of_ours(client: httpx.AsyncClient, world: World) -> None:
    venue = await world.event()
    end_all = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'events-service' AND datname = current_database()"
    )
    async with world.connection.transaction():
        await world.connection.execute("LOCK TABLE events, seats IN ACCESS EXCLUSIVE MODE")
        asking = [asyncio.create_task(client.get(f"/events/{venue.event_id}{tail}")) for tail in ("", "/seats")]
        await asyncio.sleep(0.3)
        await world.connection.execute(end_all)

    for answer in await asyncio.gather(*asking):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
    for tail in ("", "/seats"):
        assert (await client.get(f"/events/{venue.event_id}{tail}")).status_code == 200


async def test_it_waits_for_a_database_that_is_still_starting(settings: EventsSettings) -> None:
    nobody_there = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
    engine = create_engine(nobody_there, application_name="tests")

    with pytest.raises(OSError, match=r"."):
        await wait_until_durable(engine, Environment.TEST, tries=3, pause_s=0.01)

    await engine.dispose()


async def test_it_does_not_start_on_a_database_that_forgets(settings: EventsSettings) -> None:
    """The servers of the tests run without fsync."""
    app = create_app(settings.model_copy(update={"environment": Environment.PRODUCTION}))

    with pytest.raises(UnsafeDatabase, match="fsync"):
        async with running(app):
            pass


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Mapping[str, Any]:
    document: Mapping[str, Any] = (await client.get("/openapi.json")).json()
    return document


async def test_the_document_has_every_route_with_its_words_and_refusals(document: Mapping[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    assert operations.keys() == FOR_EVERYBODY | FOR_ADMINISTRATORS
    for name, operation in operations.items():
        if name == "GET /health":
            continue
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        assert "application/problem+json" in operation["responses"]["422"]["content"], name
        assert "503" in operation["responses"], name
        if "{event_id}" in name or "{name}" in name:
            assert "404" in operation["responses"], name
        if name in FOR_ADMINISTRATORS:
            assert {"401", "403"} <= operation["responses"].keys(), name
            assert operation["security"], name
        else:
            assert "security" not in operation, name
    assert "409" in operations["DELETE /events/{event_id}"]["responses"]


async def test_every_route_that_needs_an_administrator_refuses_everybody_else(
    document: Mapping[str, Any], organiser: Organiser, world: World
) -> None:
    """Taken from the document, so that a new route cannot be forgotten."""
    ann = await world.person()
    event = await organiser.create()
    guarded = [route for route in routes(document) if route.needs_token]
    assert {str(route) for route in guarded} == FOR_ADMINISTRATORS

    for route in guarded:
        path = route.path.replace("{event_id}", str(event["id"])).replace("{name}", "club")
        for headers, status in ((None, 401), (ann.headers, 403)):
            answer = await organiser.client.request(route.method, path, headers=headers, json=route.example)
            assert answer.status_code == status, route

    assert (await organiser.client.get(f"/events/{event['id']}")).json() == event


async def test_the_examples_of_the_document_work(document: Mapping[str, Any], organiser: Organiser) -> None:
    example = {str(route): route.example for route in routes(document)}

    created = await organiser.client.post("/events", json=example["POST /events"], headers=organiser.headers)
    changed = await organiser.client.patch(
        f"/events/{created.json()['id']}", json=example["PATCH /events/{event_id}"], headers=organiser.headers
    )

    assert created.status_code == 201, created.text
    assert changed.status_code == 200, changed.text


async def test_a_new_movie_gets_its_poster_once(settings: EventsSettings, world: World) -> None:
    asked: list[str] = []

    def tmdb(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json={"results": [{"title": "Metropolis", "poster_path": "/poster.jpg"}]})

    with_key = EventsSettings.model_validate({**settings.model_dump(), "tmdb_api_key": "key"})
    async with running(create_app(with_key, artwork_transport=httpx.MockTransport(tmdb))) as client:
        organiser = Organiser(client, await world.person(role="admin"))
        movie = await organiser.create(name="Metropolis", event_type="movie")
        concert = await organiser.create(name="Metropolis", event_type="concert")
        chosen = await organiser.create(name="Metropolis", event_type="movie", image_url="https://i.scdn.co/image/a")
        refused = await client.post("/events", json=organiser.body(capacity=0), headers=organiser.headers)
        page = (await client.get("/events/browse")).json()

    assert movie["image_url"] == "https://image.tmdb.org/t/p/w500/poster.jpg"
    assert concert["image_url"] == f"/api/events/{concert['id']}/artwork.svg"
    assert chosen["image_url"] == "https://i.scdn.co/image/a"
    assert refused.status_code == 422
    assert asked == ["api.themoviedb.org"]
    assert {item["image_url"] for item in page["items"]} == {e["image_url"] for e in (movie, concert, chosen)}


async def test_a_service_of_pictures_that_is_down_does_not_stop_an_event(
    settings: EventsSettings, world: World
) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down")

    with_key = EventsSettings.model_validate({**settings.model_dump(), "tmdb_api_key": "key"})
    async with running(create_app(with_key, artwork_transport=httpx.MockTransport(down))) as client:
        organiser = Organiser(client, await world.person(role="admin"))
        movie = await organiser.create(name="Metropolis", event_type="movie")

    assert movie["image_url"] == f"/api/events/{movie['id']}/artwork.svg"


async def test_pictures_may_be_elsewhere(settings: EventsSettings, world: World) -> None:
    without_prefix = settings.model_copy(update={"public_api_prefix": ""})
    async with running(create_app(without_prefix)) as client:
        event = await Organiser(client, await world.person(role="admin")).create()

        assert (await client.get(event["image_url"])).status_code == 200


async def test_twelve_thousand_seats_are_answered_quickly(organiser: Organiser) -> None:
    event = await organiser.create(template="arena", capacity=12_000)

    async with asyncio.timeout(60):
        answer = await organiser.client.get(f"/events/{event['id']}/seats")

    assert len(answer.json()["seats"]) == 12_000
