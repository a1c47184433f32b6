"""What an answer leaves behind: nothing that only the garbage collector would find.

It stops everybody while it looks. When each refusal left a cycle of sixty objects, a sale that refuses thousands stood
still for a third of a second at a time.
"""

import gc
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message, Scope

from booking_service.batched_writes import NotDecided
from booking_service.main import create_app
from booking_service.settings import BookingSettings
from shared.chassis.problems import Problem
from tests.support.apps import environ
from tests.support.world import Person, Venue, World

ANSWERS = 20
PLAIN = b"application/json"
NOT_PLAIN = b"application/json; charset=utf-8"
"""Passes the thin edge of the hot routes."""


@dataclass
class Service:
    """The app without a client: whatever is left behind is its own."""

    app: FastAPI
    state: Mapping[str, Any]

    async def post(
        self, path: str, body: object, person: Person, *, key: str | None = None, content_type: bytes = PLAIN
    ) -> int:
        """The status of the answer."""
        headers = [(name.lower().encode(), value.encode()) for name, value in person.headers.items()]
        headers.append((b"content-type", content_type))
        if key is not None:
            headers.append((b"idempotency-key", key.encode()))
        scope: Scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "state": dict(self.state),
        }
        messages: list[Message] = [{"type": "http.request", "body": json.dumps(body).encode()}]
        sent: list[Message] = []

        async def receive() -> Message:
            return messages.pop()

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return int(sent[0]["status"])


@contextmanager
def collected_garbage() -> Iterator[list[object]]:
    """What only the collector finds of what is done meanwhile; told at the end."""
    found: list[object] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.fixture
async def service(clean_database: str, redis_url: str) -> AsyncIterator[Service]:
    """Running, on an empty database."""
    app = create_app(BookingSettings(**environ(database_url=clean_database, redis_url=redis_url)))  # type: ignore[arg-type]
    async with app.router.lifespan_context(app) as state:
        yield Service(app, state or {})


@pytest.fixture
async def lost(world: World, service: Service) -> Venue:
    """An event whose first two seats are held by somebody else."""
    venue = await world.event(seats=12)
    assert await service.post("/hold-seat", {"seat_ids": venue.seat_ids[:2]}, await world.person()) == 201
    return venue


@pytest.mark.parametrize("content_type", [PLAIN, NOT_PLAIN], ids=["thin edge", "framework"])
@pytest.mark.parametrize("has_key", [False, True], ids=["without a key", "with a key"])
@pytest.mark.parametrize("seats", [1, 2])
async def test_a_lost_race_leaves_no_garbage(
    service: Service, lost: Venue, ann: Person, seats: int, has_key: bool, content_type: bytes
) -> None:
    async def ask(name: str) -> int:
        return await service.post(
            "/hold-seat",
            {"seat_ids": lost.seat_ids[:seats]},
            ann,
            key=f"try-{name}" if has_key else None,
            content_type=content_type,
        )

    assert await ask("first") == 409  # makes what is made once

    with collected_garbage() as garbage:
        statuses = {await ask(str(number)) for number in range(ANSWERS)}

    assert statuses == {409}
    assert [left for left in garbage if isinstance(left, Problem | NotDecided)] == []
