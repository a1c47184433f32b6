"""Who asks the same way again is led to the answer the short way, and notices nothing but the time it takes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from events_service.known_addresses import MAX_ADDRESS_CHARS, ShortWay
from events_service.main import create_app
from events_service.settings import EventsSettings
from tests.integration.events.conftest import Organiser
from tests.integration.events.queries import counted_queries
from tests.integration.events.test_browse import MALFORMED_QUERIES
from tests.support.apps import running
from tests.support.world import World

SEATS_QUERIES = (
    "",
    "?status=available",
    "?status=held",
    "?section=Stalls",
    "?section=nowhere",
    "?status=held&section=Stalls",
)


@dataclass
class LongWay:
    """Stands inside of the short way, and notes which requests had to be understood."""

    asked: list[str] = field(default_factory=list)

    def layer(self, app: ASGIApp) -> ASGIApp:
        """The layer of `app`."""

        async def note(scope: Scope, receive: Receive, send: Send) -> None:
            self.asked.append(scope["path"])
            await app(scope, receive, send)

        return note


@pytest.fixture
def long_way() -> LongWay:
    return LongWay()


@pytest.fixture
def app(settings: EventsSettings, long_way: LongWay) -> FastAPI:
    app = create_app(settings)
    app.user_middleware.append(Middleware(long_way.layer))
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with running(app) as client:
        yield client


@pytest.fixture
def paths() -> list[str]:
    """Addresses of every route of the catalogue, of the first event and the movie Metropolis."""
    return [
        "/events/browse",
        "/events/browse?limit=1&event_type=movie&city=berlin&q=metro&from=2026-01-01T00:00:00Z",
        f"/events/movie/{quote('Metropolis')}/showtimes",
        *(f"/events/1{tail}" for tail in ("", "/seat-plan", "/artwork.svg")),
        *(f"/events/1/seats{query}" for query in SEATS_QUERIES),
    ]


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """All of an answer but its request id."""
    return answer.status_code, {**answer.headers, "x-request-id": ""}, answer.content


async def test_the_short_way_is_the_innermost_layer(settings: EventsSettings) -> None:
    assert create_app(settings).user_middleware[-1].cls is ShortWay  # type: ignore[comparison-overlap]


async def test_both_ways_lead_to_the_same_answer(
    client: httpx.AsyncClient, organiser: Organiser, long_way: LongWay, paths: list[str]
) -> None:
    await organiser.create(name="Metropolis", event_type="movie", capacity=60)
    long_way.asked.clear()

    for accepted in ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip", "Origin": "https://a.example"}):
        first = [await client.get(path, headers=accepted) for path in paths]
        again = [await client.get(path, headers=accepted) for path in paths]

        assert {answer.status_code for answer in first} == {200}
        assert [told(answer) for answer in first] == [told(answer) for answer in again]
        assert all(answer.headers["x-content-type-options"] == "nosniff" for answer in again)

    assert len(long_way.asked) == len(paths)


async def test_who_has_an_answer_is_told_so_either_way(
    client: httpx.AsyncClient, organiser: Organiser, paths: list[str]
) -> None:
    await organiser.create(name="Metropolis", event_type="movie")

    for path in paths:
        answer = await client.get(path)
        if "/seats" in path:
            assert "etag" not in answer.headers
            continue
        known = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (known.status_code, known.content) == (304, b""), path
        assert known.headers["etag"] == answer.headers["etag"]

    await organiser.create(name="Metropolis", event_type="movie")

    before = answer.headers.get("etag", "")
    assert (await client.get(paths[0], headers={"If-None-Match": before})).status_code == 200


async def test_head_goes_the_short_way_too(
    client: httpx.AsyncClient, organiser: Organiser, long_way: LongWay, paths: list[str]
) -> None:
    await organiser.create(name="Metropolis", event_type="movie")

    for path in paths:
        got = await client.get(path)
        long_way.asked.clear()
        asked = await client.head(path)

        assert told(asked) == (*told(got)[:2], b""), path
        assert long_way.asked == []


async def test_what_is_refused_is_refused_each_time(client: httpx.AsyncClient, long_way: LongWay) -> None:
    refused = [*(f"/events/browse?{query}" for query in MALFORMED_QUERIES), "/events/1", "/events/1/seats", "/events/x"]

    answers = [[await client.get(path) for path in refused] for _ in range(2)]

    assert [told(answer) for answer in answers[0]] == [told(answer) for answer in answers[1]]
    assert {answer.status_code for answer in answers[0]} == {404, 422}


async def test_an_event_that_goes_is_404_at_its_known_addresses_at_once(
    client: httpx.AsyncClient, organiser: Organiser, settings: EventsSettings, paths: list[str]
) -> None:
    event = await organiser.create(name="Metropolis", event_type="movie")
    async with running(create_app(settings)) as other_instance:
        for asked in (client, other_instance):
            for path in paths * 2:
                assert (await asked.get(path)).status_code == 200

        await client.delete(f"/events/{event['id']}", headers=organiser.headers)

        for asked in (client, other_instance):
            for path in paths[2:]:
                answer = await asked.get(path)
                assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path
                with counted_queries() as queries:
                    assert (await asked.get(path)).status_code == 404
                assert len(queries) == 1, path  # the address is not asked twice over from now on
            assert (await asked.get("/events/browse")).json()["items"] == []


async def test_seats_are_read_each_time_by_one_statement(
    client: httpx.AsyncClient, world: World, long_way: LongWay
) -> None:
    ann = await world.person()
    venue = await world.event(seats=3)
    path = f"/events/{venue.event_id}/seats"
    await client.get(path)

    await world.hold(venue, [venue.seat_ids[1]], ann)
    with counted_queries() as queries:
        held = (await client.get(path)).json()["seats"]

    assert [(seat["status"], seat["version"]) for seat in held] == [("available", 0), ("held", 1), ("available", 0)]
    assert len(queries) == 1
    assert len(long_way.asked) == 1


async def test_browsing_again_asks_the_database_nothing(client: httpx.AsyncClient, world: World) -> None:
    await world.event()
    await client.get("/events/browse")

    with counted_queries() as queries:
        for _ in range(20):
            assert (await client.get("/events/browse")).status_code == 200

    assert queries == []


async def test_a_long_address_is_understood_each_time(
    client: httpx.AsyncClient, world: World, long_way: LongWay
) -> None:
    await world.event()
    path = "/events/browse?nobody=" + "x" * MAX_ADDRESS_CHARS

    for _ in range(2):
        assert (await client.get(path)).status_code == 200

    assert len(long_way.asked) == 2


async def test_a_body_is_refused_at_a_known_address_too(client: httpx.AsyncClient, world: World) -> None:
    await world.event()
    await client.get("/events/browse")

    answer = await client.request("GET", "/events/browse", content=b"NaN", headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
