"""A running booking service."""

from collections.abc import AsyncIterator

import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
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
