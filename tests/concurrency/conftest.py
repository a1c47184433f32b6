"""Several booking instances over one database, as in production."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from devstack.ports import free_port
from tests.support.apps import environ, running
from tests.support.world import World

INSTANCES = 3


@pytest.fixture(params=["gate on", "gate off", "redis is down"])
async def instances(
    request: pytest.FixtureRequest, clean_database: str, redis_url: str
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of three instances: with the gate, without it, and with a Redis that nobody answers for."""
    settings = environ(
        database_url=clean_database,
        redis_url=f"redis://127.0.0.1:{free_port()}/0" if request.param == "redis is down" else redis_url,
        gate_enabled=str(request.param != "gate off"),
    )
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(running(create_app(BookingSettings(**settings))))  # type: ignore[arg-type]
            for _ in range(INSTANCES)
        ]


@pytest.fixture
async def connections(clean_database: str) -> AsyncIterator[list["asyncpg.Connection[asyncpg.Record]"]]:
    """Ten connections for controls, which talk to the database directly."""
    opened = [await asyncpg.connect(clean_database) for _ in range(10)]
    yield opened
    for connection in opened:
        connection.terminate()


@pytest.fixture
async def unguarded(world: World) -> AsyncIterator[World]:
    """The world without the trigger that refuses wrong changes: what a design that leans on its code alone has."""
    await world.connection.execute("ALTER TABLE seats DISABLE TRIGGER seats_guard")
    yield world
    await world.connection.execute("ALTER TABLE seats ENABLE TRIGGER seats_guard")
