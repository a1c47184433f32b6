"""What every service does around its routes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException

from shared.chassis.fields import EntityId, Input
from shared.chassis.health import Dependency
from shared.chassis.identity import (
    AdminUser,
    CurrentUser,
    Identity,
    LivingSession,
    TokenIdentifier,
)
from shared.chassis.problems import Unauthorized
from shared.chassis.service import create_service
from shared.clock import utc_now
from shared.contracts.claims import Claims, sign
from shared.settings import SharedSettings
from tests.support.apps import SECRET, environ, running
from tests.support.hostile import MARKER, refusal_faults

SESSION_ID = uuid4()
router = APIRouter()


class Wish(Input):
    """A body."""

    seat_id: EntityId


@router.post("/wish")
async def wish(body: Wish) -> int:
    """Takes a body."""
    return body.seat_id


@router.get("/fault")
async def fault() -> None:
    """Has a fault."""
    raise RuntimeError(f"a secret: {MARKER}")


@router.get("/outage")
async def outage() -> None:
    """Finds no database."""
    raise asyncpg.CannotConnectNowError(MARKER)


@router.get("/teapot")
async def teapot() -> None:
    """Refuses in the framework's way."""
    raise HTTPException(418, detail=MARKER)


@router.get("/mine")
async def mine(user: CurrentUser) -> int:
    """For who is signed in."""
    return user.user_id


@router.get("/admin")
async def admin(user: AdminUser) -> int:
    """For administrators."""
    return user.user_id


class World:
    """What the service under test finds in its database."""

    def __init__(self) -> None:
        self.session: LivingSession | None = LivingSession(role="user", token_epoch=0)
        self.up = {"postgres": True, "redis": True}

    async def look_up(self, session_id: object, user_id: int) -> LivingSession | None:
        """See `SessionLookup`."""
        return self.session if (session_id, user_id) == (SESSION_ID, 7) else None

    def dependency(self, name: str, *, required: bool) -> Dependency:
        """One that is up as long as `self.up` says so."""

        async def probe() -> None:
            if not self.up[name]:
                raise ConnectionError(name)

        return Dependency(name, probe, required)


@pytest.fixture
def world() -> World:
    """An empty one, in which user 7 is signed in."""
    return World()


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service with the routes above."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        yield {
            "identifier": TokenIdentifier(secret=SECRET, lookup=world.look_up),
            "dependencies": (
                world.dependency("postgres", required=True),
                world.dependency("redis", required=False),
            ),
        }

    settings = SharedSettings.model_validate(
        environ(
            database_url="postgresql://nobody@localhost/none",
            redis_url="redis://localhost",
            allowed_origins="https://tickets.example",
            log_level="CRITICAL",
        )
    )
    app = create_service(
        name="test", title="Test", description="For tests.", settings=settings, lifespan=lifespan, routers=[router]
    )
    async with running(app) as client:
        yield client


def bearer(*, role: str = "user", epoch: int = 0, secret: str = SECRET) -> dict[str, str]:
    """Headers of user 7."""
    claims = Claims(user_id=7, session_id=SESSION_ID, role=role, epoch=epoch)
    token = sign(claims, secret=secret, now=utc_now(), lifetime=utc_now() - utc_now().replace(year=2020))
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/wish/", 404, "not-found"),
        ("GET", "/wish", 405, "method-not-allowed"),
        ("GET", "/teapot", 400, "bad-request"),
        ("GET", "/fault", 500, "internal-error"),
        ("GET", "/outage", 503, "unavailable"),
        ("GET", "/mine", 401, "not-signed-in"),
    ],
)
async def test_whatever_goes_wrong_the_answer_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int, slug: str
) -> None:
    answer = await client.request(method, path)

    assert not list(refusal_faults(answer, frozenset({status})))
    assert answer.json()["type"] == f"/problems/{slug}"
    assert answer.json()["instance"] == path


async def test_malformed_input_is_located_and_never_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post("/wish", json={"seat_id": MARKER, "price": MARKER, f"<b>{MARKER}": 1})

    assert not list(refusal_faults(answer, frozenset({422})))
    assert [error["loc"] for error in answer.json()["errors"]] == [
        ["body", "seat_id"],
        ["body", "price"],
        ["body", "?"],
    ]
    assert answer.json()["detail"] == "Check seat_id, price, ?."


async def test_answers_can_be_framed_and_guessed_at_by_nobody(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/nowhere", "/fault"):
        headers = (await client.get(path)).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/fault", "/mine", "/docs", "/wish"])
async def test_head_is_answered_as_get_is_but_for_the_body(client: httpx.AsyncClient, path: str) -> None:
    got = await client.get(path, headers=bearer() | {"X-Request-ID": "the-same"})

    answer = await client.head(path, headers=bearer() | {"X-Request-ID": "the-same"})

    assert (answer.status_code, answer.headers) == (got.status_code, got.headers)
    assert int(answer.headers["content-length"]) > 0
    assert answer.content == b""


async def test_every_answer_has_a_request_id_and_a_plain_one_of_the_caller_is_kept(client: httpx.AsyncClient) -> None:
    first, second = await client.get("/health"), await client.get("/health")
    kept = await client.get("/health", headers={"X-Request-ID": "trace-0001"})
    replaced = await client.get("/health", headers={"X-Request-ID": "two words\x1b[31m"})

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert kept.headers["x-request-id"] == "trace-0001"
    assert replaced.headers["x-request-id"].isalnum()


async def test_only_allowed_origins_may_read_answers(client: httpx.AsyncClient) -> None:
    allowed = await client.get("/health", headers={"Origin": "https://tickets.example"})
    stranger = await client.get("/health", headers={"Origin": "https://tickets.example.evil.example"})

    assert allowed.headers["access-control-allow-origin"] == "https://tickets.example"
    assert "access-control-allow-origin" not in stranger.headers
    assert "access-control-allow-credentials" not in allowed.headers


async def test_a_browser_can_read_a_refused_body_too(client: httpx.AsyncClient) -> None:
    headers = {"Origin": "https://tickets.example", "Content-Type": "application/json"}
    answer = await client.post("/wish", content=b"NaN", headers=headers)

    assert answer.status_code == 422
    assert answer.headers["access-control-allow-origin"] == "https://tickets.example"


@pytest.mark.parametrize(
    ("up", "status", "word"),
    [
        ({"postgres": True, "redis": True}, 200, "ok"),
        ({"postgres": True, "redis": False}, 200, "degraded"),
        ({"postgres": False, "redis": True}, 503, "down"),
    ],
)
async def test_health_tells_what_it_sees(
    client: httpx.AsyncClient, world: World, up: dict[str, bool], status: int, word: str
) -> None:
    world.up = up

    answer = await client.get("/health")

    assert (answer.status_code, answer.json()["status"]) == (status, word)
    assert answer.json()["dependencies"] == {name: "up" if is_up else "down" for name, is_up in up.items()}


async def test_a_living_session_is_let_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/mine", headers=bearer())

    assert answer.json() == 7


async def test_every_way_of_not_being_signed_in_looks_the_same(client: httpx.AsyncClient, world: World) -> None:
    refused = [
        await client.get("/mine"),
        await client.get("/mine", headers={"Authorization": "Bearer "}),
        await client.get("/mine", headers={"Authorization": "Basic YW5uOnB3"}),
        await client.get("/mine", headers={b"Authorization": b"Bearer \xff\xfe"}),
        await client.get("/mine", headers=bearer(secret="another-secret-0123456789abcdefghij")),
        await client.get("/mine", headers=bearer(epoch=1)),
    ]
    world.session = None
    refused.append(await client.get("/mine", headers=bearer()))

    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.content for answer in refused}) == 1
    assert refused[0].headers["www-authenticate"] == Unauthorized().headers["WWW-Authenticate"]


async def test_the_role_is_what_the_database_says_not_what_the_token_says(
    client: httpx.AsyncClient, world: World
) -> None:
    demoted = await client.get("/admin", headers=bearer(role="admin"))
    world.session = LivingSession(role="admin", token_epoch=0)
    promoted = await client.get("/admin", headers=bearer(role="user"))

    assert demoted.status_code == 403
    assert promoted.status_code == 200


async def test_the_swagger_page_needs_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")

    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    for path in ("/docs/assets/swagger-ui.css", "/docs/assets/swagger-ui-bundle.js", "/docs/start.js"):
        assert path in page.text
        assert (await client.get(path)).status_code == 200


def test_an_identity_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Identity(7, SESSION_ID, "user").role = "admin"  # type: ignore[misc]  # that is the point
