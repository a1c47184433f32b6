"""Finding pictures: from whom, for which event, and what happens when they fail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from events_service.artwork.fetch import MAX_ANSWER_BYTES, create_client
from events_service.artwork.spotify import SpotifyArtwork
from events_service.artwork.strategy import ArtworkPicker, ArtworkUnavailable, is_allowed_picture
from events_service.artwork.tmdb import TmdbArtwork

Handler = Callable[[httpx.Request], httpx.Response]
KEY = SecretStr("tmdb-key")
POSTER = "https://image.tmdb.org/t/p/w500/poster.jpg"
PORTRAIT = "https://i.scdn.co/image/ab67"


class Fake:
    """A picture service that answers with `handler` and remembers what it was asked."""

    def __init__(self, handler: Handler) -> None:
        self.asked: list[httpx.Request] = []
        self._handler = handler
        self.client = create_client(httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self._handler(request)


@pytest.fixture
async def fakes() -> AsyncIterator[Callable[[Handler], Fake]]:
    made: list[Fake] = []

    def make(handler: Handler) -> Fake:
        made.append(Fake(handler))
        return made[-1]

    yield make
    for fake in made:
        await fake.client.aclose()


Fakes = Callable[[Handler], Fake]


def movies(*results: dict[str, Any]) -> Handler:
    return lambda request: httpx.Response(200, json={"page": 1, "results": list(results)})


def artists(*items: dict[str, Any], expires_in: int = 3600) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "accounts.spotify.com":
            return httpx.Response(200, json={"access_token": "token", "token_type": "Bearer", "expires_in": expires_in})
        return httpx.Response(200, json={"artists": {"items": list(items)}})

    return handler


async def test_tmdb_is_asked_for_the_poster_of_exactly_this_movie(fakes: Fakes) -> None:
    other = {"title": "Metropolis 2", "poster_path": "/wrong.jpg"}
    fake = fakes(movies(other, {"title": "METROPOLIS", "original_title": "x", "poster_path": "/poster.jpg", "id": 19}))

    found = await TmdbArtwork(fake.client, KEY).find("Metropolis")

    assert found == POSTER
    (request,) = fake.asked
    assert (request.method, request.url.host, request.url.path) == ("GET", "api.themoviedb.org", "/3/search/movie")
    assert request.url.scheme == "https"
    assert dict(request.url.params) == {"query": "Metropolis", "api_key": "tmdb-key"}


@pytest.mark.parametrize("results", [[], [{"title": "Another"}], [{"title": "Metropolis", "poster_path": None}]])
async def test_another_movies_poster_is_worse_than_none(fakes: Fakes, results: list[dict[str, Any]]) -> None:
    assert await TmdbArtwork(fakes(movies(*results)).client, KEY).find("Metropolis") is None


async def test_spotify_is_asked_for_the_artist_and_its_token_is_kept(fakes: Fakes) -> None:
    fake = fakes(artists({"name": "Orb", "images": []}, {"name": "Orbit", "images": [{"url": PORTRAIT, "width": 640}]}))
    clock = [0.0]
    spotify = SpotifyArtwork(fake.client, SecretStr("me"), SecretStr("secret"), monotonic=lambda: clock[0])

    assert await spotify.find("Orbit: the farewell tour") == PORTRAIT
    assert await spotify.find("ORBIT") == PORTRAIT
    assert await spotify.find("Orbital") is None

    hosts = [request.url.host for request in fake.asked]
    assert hosts == ["accounts.spotify.com", *["api.spotify.com"] * 3]
    assert fake.asked[0].headers["authorization"].startswith("Basic ")
    assert fake.asked[1].headers["authorization"] == "Bearer token"
    assert fake.asked[1].url.params["type"] == "artist"

    clock[0] = 3600.0
    await spotify.find("Orbit")
    assert [request.url.host for request in fake.asked].count("accounts.spotify.com") == 2


def redirect(request: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"Location": "http://169.254.169.254/latest/meta-data"})


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"no route to {request.url}")


def failing(status: int = 200, **content: Any) -> Handler:
    return lambda request: httpx.Response(status, **content)


@pytest.mark.parametrize(
    "handler",
    [
        redirect, unreachable, failing(500), failing(401), failing(204), failing(content=b""),
        failing(content=b"<html>"), failing(json=[]), failing(json={"results": [{"title": 5}]}),
        failing(json={"results": None}), failing(content=b"\xff"), failing(content=b"[" * 100_000),
        failing(content=b" " * (MAX_ANSWER_BYTES + 1)),
        failing(headers={"Content-Encoding": "gzip"}, content=b"not gzip"),
    ],
)  # fmt: skip
async def test_a_service_that_fails_leaves_the_generated_picture(fakes: Fakes, handler: Handler) -> None:
    fake = fakes(handler)
    tmdb = TmdbArtwork(fake.client, KEY)

    with pytest.raises(ArtworkUnavailable) as failure:
        await tmdb.find("Metropolis")
    picked = await ArtworkPicker({"movie": tmdb}).pick(event_type="movie", name="Metropolis")

    assert picked is None
    # An HTTP error knows the address that was asked, and the address knows the key.
    assert "tmdb-key" not in str(failure.value)
    assert failure.value.__suppress_context__ or failure.value.__context__ is None
    assert {request.url.host for request in fake.asked} == {"api.themoviedb.org"}


async def test_an_answer_without_end_is_cut_off(fakes: Fakes) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    with pytest.raises(ArtworkUnavailable):
        await TmdbArtwork(fakes(lambda _: httpx.Response(200, content=endless())).client, KEY).find("Metropolis")

    assert sent < 3 * MAX_ANSWER_BYTES


async def test_a_slow_service_is_not_waited_for(fakes: Fakes) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            await asyncio.sleep(0.05)
            yield b" "

    fake = fakes(lambda _: httpx.Response(200, content=drip()))
    picker = ArtworkPicker({"movie": TmdbArtwork(fake.client, KEY)}, patience_s=0.1)

    async with asyncio.timeout(1):
        assert await picker.pick(event_type="movie", name="Metropolis") is None


async def test_a_picture_on_another_host_is_not_taken(fakes: Fakes) -> None:
    fake = fakes(artists({"name": "Orbit", "images": [{"url": "https://evil.example/pixel.gif"}]}))
    picker = ArtworkPicker({"concert": SpotifyArtwork(fake.client, SecretStr("me"), SecretStr("secret"))})

    assert await picker.pick(event_type="concert", name="Orbit") is None


async def test_a_poster_path_cannot_choose_the_host(fakes: Fakes) -> None:
    fake = fakes(movies({"title": "Metropolis", "poster_path": "@evil.example/?/../x"}))
    picker = ArtworkPicker({"movie": TmdbArtwork(fake.client, KEY)})

    assert await picker.pick(event_type="movie", name="Metropolis") is None


async def test_types_without_a_strategy_get_the_generated_picture(fakes: Fakes) -> None:
    fake = fakes(movies())

    assert await ArtworkPicker({"movie": TmdbArtwork(fake.client, KEY)}).pick(event_type="comedy", name="x") is None
    assert fake.asked == []


@pytest.mark.parametrize("address", [POSTER, PORTRAIT])
def test_pictures_on_the_two_hosts_are_allowed(address: str) -> None:
    assert is_allowed_picture(address)


@pytest.mark.parametrize(
    "address",
    ["", "http://i.scdn.co/a", "https://i.scdn.co", "https://i.scdn.co/", "https://i.scdn.co:443/a",
     "https://I.SCDN.CO/a", "https://evil@i.scdn.co/a", "https://i.scdn.co.evil.example/a", "https://i.scdn.co\\evil/a",
     "https://i.scdn.co/a b", "https://i.scdn.co/a\n", "https://i.scdn.co/a#b", "https://i.scdn.co/a?b",
     "https://i.scdn.co/" + "a" * 201, "//i.scdn.co/a", "javascript:alert(1)", " https://i.scdn.co/a"],
)  # fmt: skip
def test_other_addresses_are_not(address: str) -> None:
    assert not is_allowed_picture(address)
