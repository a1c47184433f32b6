"""The events service, running on real servers, and an organiser who fills its catalogue."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from events_service.main import create_app
from events_service.settings import EventsSettings
from tests.support.apps import environ, running
from tests.support.world import Person, World


@dataclass
class Organiser:
    """Somebody who may create events, and does so over HTTP."""

    client: httpx.AsyncClient
    person: Person
    defaults: dict[str, Any] = field(
        default_factory=lambda: {
            "name": "The Night Garden",
            "event_type": "concert",
            "venue": "Aurora Theatre",
            "city": "Berlin",
            "capacity": 4,
            "base_price": 3900,
        }
    )

    @property
    def headers(self) -> dict[str, str]:
        return self.person.headers

    def body(self, *, starts_in: timedelta = timedelta(days=30), **members: Any) -> dict[str, Any]:
        """A body that `POST /events` takes."""
        start_time = (datetime.now(UTC) + starts_in).isoformat()
        return {**self.defaults, "start_time": start_time, **members}

    async def create(self, **members: Any) -> Any:
        """The details of a new event."""
        answer = await self.client.post("/events", json=self.body(**members), headers=self.headers)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """Redis with nothing in it: what is cached there tells of a database that is gone."""
    client = Redis.from_url(redis_url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def settings(clean_database: str, redis_url: str, redis: Redis) -> EventsSettings:
    return EventsSettings.model_validate(environ(database_url=clean_database, redis_url=redis_url))


@pytest.fixture
async def client(settings: EventsSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with running(create_app(settings)) as client:
        yield client


@pytest.fixture
async def organiser(client: httpx.AsyncClient, world: World) -> Organiser:
    return Organiser(client, await world.person(role="admin"))


@pytest.fixture
async def organiser_without_redis(settings: EventsSettings, world: World) -> AsyncIterator[Organiser]:
    """An organiser at a service whose Redis refuses connections."""
    nowhere = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with running(create_app(nowhere)) as client:
        yield Organiser(client, await world.person(role="admin"))
