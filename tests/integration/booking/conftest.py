"""A running booking service."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from booking_service.live import Hub
from booking_service.main import create_app
from booking_service.settings import BookingSettings
from tests.integration.booking.live_sockets import live_map
from tests.support.apps import environ, running
from tests.support.world import Person, Venue, World


@pytest.fixture(params=["thin edge", "framework"])
async def booking(
    request: pytest.FixtureRequest, clean_database: str, redis_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service, on an empty database: by the thin edge of the hot routes, and past it."""
    settings = BookingSettings(**environ(database_url=clean_database, redis_url=redis_url))  # type: ignore[arg-type]
    async with running(create_app(settings)) as client:
        if request.param == "framework":
            client.event_hooks["request"].append(_pass_the_thin_edge)
        yield client


async def _pass_the_thin_edge(request: httpx.Request) -> None:
    """The edge leaves alone what it does not know to the letter."""
    if request.headers.get("content-type") == "application/json":
        request.headers["content-type"] = "application/json; charset=utf-8"


@pytest.fixture
async def venue(world: World) -> Venue:
    """An event with one row of twelve seats."""
    return await world.event(seats=12)


@pytest.fixture
async def ann(world: World) -> Person:
    """A customer."""
    return await world.person()


@pytest.fixture
async def ben(world: World) -> Person:
    """Another customer."""
    return await world.person()


@pytest.fixture
async def staff(world: World) -> Person:
    """Whose scanner stands at the door."""
    return await world.person(role="admin")


@pytest.fixture(params=[True, False], ids=["written directly", "by ASGI"])
def direct(request: pytest.FixtureRequest) -> bool:
    """Whether the server writes frames directly, as ours does, or offers nothing but ASGI."""
    return bool(request.param)


@pytest.fixture(params=[None, "frontrow.v1"], ids=["plain", "compact"])
def offer(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What viewers offer to speak, as an option of theirs."""
    return {"subprotocols": [request.param] if request.param else None}


@pytest.fixture
async def live(clean_database: str, redis_url: str, direct: bool) -> AsyncIterator[tuple[Hub, str]]:
    async with live_map(
        clean_database,
        redis_url,
        direct=direct,
        heartbeat_interval_s=0.2,
        allowed_origins=("https://partner.example",),
    ) as running:
        yield running
