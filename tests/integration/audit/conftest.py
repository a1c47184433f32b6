"""The booking and events services on one database, and a sale that has had a bit of everything."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest

from booking_service.main import create_app as booking_app
from booking_service.settings import BookingSettings
from devstack.servers import Servers
from events_service.main import create_app as events_app
from events_service.settings import EventsSettings
from shared.migrations.__main__ import upgrade
from tests.integration.audit.shop import Shop
from tests.support.apps import environ, running
from tests.support.world import World

HOLD_LIMIT = 4
"""Low, so that a random sale reaches it."""


@pytest.fixture
async def shop(clean_database: str, redis_url: str, world: World) -> AsyncIterator[Shop]:
    """A shop on an empty database, with holds that end quickly."""
    async with AsyncExitStack() as stack:
        yield await open_shop(
            stack, clean_database, redis_url, world, hold_duration_s=0.5, max_held_seats_per_user=HOLD_LIMIT
        )


@pytest.fixture(scope="session")
async def sold(servers: Servers) -> str:
    """The address of a database of its own, healthy, in which the things have happened that `Shop.sell` tells of."""
    url = servers.database("audit_sold")
    upgrade(url)
    async with AsyncExitStack() as stack:
        connection = await asyncpg.connect(url)
        stack.push_async_callback(connection.close)
        shop = await open_shop(stack, url, servers.redis_url, World(connection))
        await shop.sell()
    return url


async def open_shop(
    stack: AsyncExitStack, database_url: str, redis_url: str, world: World, **booking_settings: float
) -> Shop:
    """Both services, open as long as `stack`."""
    settings = environ(
        database_url=database_url,
        redis_url=redis_url,
        **{name: str(value) for name, value in booking_settings.items()},
    )
    booking: httpx.AsyncClient = await stack.enter_async_context(
        running(booking_app(BookingSettings.model_validate(settings)))
    )
    events: httpx.AsyncClient = await stack.enter_async_context(
        running(events_app(EventsSettings.model_validate(settings)))
    )
    return Shop(world, booking, events)
