"""The cache behind the routes: how much it saves, and that no write is hidden by it."""

import asyncio
import random
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import event
from sqlalchemy.orm import Session

from events_service.main import create_app
from events_service.settings import EventsSettings
from shared.contracts.redis_keys import BROWSE_GENERATION
from tests.integration.events.conftest import Organiser
from tests.integration.events.queries import counted_queries
from tests.support.apps import running
from tests.support.world import World

REQUESTS = 200
SAVED_AT_LEAST = 0.85
MOVIES = ("Metropolis", "Nosferatu", "M", "Sunrise")


def browse_mix(next_page: str) -> list[str]:
    """What 200 visitors ask: mostly the first page, some filters, few searches, a look at what is on top."""
    weighted: dict[str, float] = {
        "/events/browse": 70,
        "/events/browse?limit=40": 10,
        **{f"/events/browse?event_type={kind}": 14 for kind in ("movie", "concert", "theater")},
        **{f"/events/browse?city={city}": 8 for city in ("Berlin", "Hamburg", "Bonn")},
        f"/events/browse?cursor={next_page}": 14,
        **{f"/events/browse?q={word}": 4 for word in ("garden", "metro", "night")},
        **{f"/events/movie/{quote(movie)}/showtimes": 4 for movie in MOVIES},
        **{f"/events/{event_id}": 4 for event_id in range(1, 7)},
    }
    visitors = random.Random(41)  # noqa: S311 - the same visitors every time
    return visitors.choices(list(weighted), weights=list(weighted.values()), k=REQUESTS)


async def ask_all(client: httpx.AsyncClient, paths: list[str]) -> int:
    """The number of database queries that `paths` cost, asked by eight visitors at a time."""
    with counted_queries() as queries:
        for first in range(0, len(paths), 8):
            answers = await asyncio.gather(*(client.get(path) for path in paths[first : first + 8]))
            assert {answer.status_code for answer in answers} == {200}
    return len(queries)


async def test_the_cache_saves_most_queries_of_a_browsing_crowd(
    client: httpx.AsyncClient, redis: Redis, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for nth in range(41):
        await world.event(name=MOVIES[nth % 4], event_type="movie", starts_in=timedelta(days=1 + nth), seats=1)
    next_page = (await client.get("/events/browse")).json()["next_cursor"]
    await redis.flushdb()
    paths = browse_mix(next_page)

    cached = await ask_all(client, paths)
    uncached = len(paths)  # one statement each: `test_every_read_is_one_statement`

    saved = 1 - cached / uncached
    with capsys.disabled():
        print(  # noqa: T201 - a figure to be read, not only judged
            f"\nbrowse cache: {uncached} requests cost {cached} queries instead of {uncached}: {saved:.1%} saved"
        )
    assert saved >= SAVED_AT_LEAST


async def test_every_read_is_one_statement(settings: EventsSettings, world: World) -> None:
    venue = await world.event(name="Metropolis", event_type="movie")
    without_redis = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    paths = [
        "/events/browse",
        "/events/browse?limit=5&city=Berlin&q=metro",
        "/events/movie/Metropolis/showtimes",
        *(
            f"/events/{venue.event_id}{tail}"
            for tail in ("", "/seats", "/seats?status=held", "/seat-plan", "/artwork.svg")
        ),
    ]

    async with running(create_app(without_redis)) as client:
        for path in paths:
            with counted_queries() as queries:
                assert (await client.get(path)).status_code == 200
            assert len(queries) == 1, (path, queries)


async def test_fifty_visitors_at_once_cost_one_query(client: httpx.AsyncClient, world: World) -> None:
    await world.event()

    with counted_queries() as queries:
        answers = await asyncio.gather(*(client.get("/events/browse") for _ in range(50)))

    assert len({answer.content for answer in answers}) == 1
    assert len(queries) == 1


async def test_browsing_counts_no_seats(client: httpx.AsyncClient, world: World) -> None:
    await world.event()

    with counted_queries() as queries:
        await client.get("/events/browse")

    assert "seats" not in queries[0].split("WHERE")[0].lower().replace("seat_", "")


async def test_every_write_shows_at_once(organiser: Organiser, settings: EventsSettings) -> None:
    async def shown(client: httpx.AsyncClient) -> list[str]:
        return [item["name"] for item in (await client.get("/events/browse")).json()["items"]]

    async with running(create_app(settings)) as other_instance:
        for client in (organiser.client, other_instance):
            assert await shown(client) == []

        created = await organiser.create(name="Metropolis", event_type="movie")
        path = f"/events/{created['id']}"
        for client in (organiser.client, other_instance):
            assert await shown(client) == ["Metropolis"]
            assert (await client.get(path)).json() == created
            assert (await client.get("/events/movie/Metropolis/showtimes")).status_code == 200
            assert "Metropolis" in (await client.get(f"{path}/artwork.svg")).text

        await organiser.client.patch(path, json={"name": "Sunrise"}, headers=organiser.headers)
        for client in (organiser.client, other_instance):
            assert await shown(client) == ["Sunrise"]
            assert (await client.get(path)).json() == created | {"name": "Sunrise"}
            assert (await client.get("/events/movie/Metropolis/showtimes")).status_code == 404
            assert "Sunrise" in (await client.get(f"{path}/artwork.svg")).text

        await organiser.client.delete(path, headers=organiser.headers)
        for client in (organiser.client, other_instance):
            assert await shown(client) == []
            for gone in (path, f"{path}/artwork.svg", f"{path}/seats", f"{path}/seat-plan"):
                assert (await client.get(gone)).status_code == 404


async def test_a_refused_write_announces_nothing(organiser: Organiser, redis: Redis) -> None:
    await organiser.create()
    generation = await redis.get(BROWSE_GENERATION)

    await organiser.client.post("/events", json=organiser.body(capacity=0), headers=organiser.headers)
    await organiser.client.delete("/events/99", headers=organiser.headers)

    assert await redis.get(BROWSE_GENERATION) == generation


async def test_a_commit_that_fails_is_no_success_and_announces_nothing(
    organiser: Organiser, redis: Redis, world: World
) -> None:
    await organiser.create()
    generation = await redis.get(BROWSE_GENERATION)

    def fail(_session: Session) -> None:
        raise RuntimeError("the disk is full")

    event.listen(Session, "before_commit", fail)
    try:
        answer = await organiser.client.post("/events", json=organiser.body(), headers=organiser.headers)
    finally:
        event.remove(Session, "before_commit", fail)

    assert answer.status_code == 500
    assert await world.connection.fetchval("SELECT count(*) FROM events") == 1
    assert await redis.get(BROWSE_GENERATION) == generation
