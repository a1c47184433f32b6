"""The whole booking service, two instances of it: what people do is what others see."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from tests.support.apps import environ
from tests.support.live import Viewer, serving, until
from tests.support.world import Person, World


@pytest.fixture
async def instances(clean_database: str, redis_url: str) -> AsyncIterator[list[str]]:
    """The addresses of two instances, with holds of one second."""
    settings: dict[str, Any] = {
        **environ(database_url=clean_database, redis_url=redis_url),
        "hold_duration_s": 1,
        "database_pool_size": 4,
    }
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(serving(create_app(BookingSettings(**settings)))) for _ in range(2)]


async def post(address: str, path: str, person: Person, body: dict[str, Any] | None = None) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=person.headers) as client:
        answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def test_a_viewer_elsewhere_sees_hold_confirmation_and_cancellation(instances: list[str], world: World) -> None:
    here, there = instances
    venue = await world.event(seats=2)
    seat = venue.seat_ids[0]
    ann = await world.person()
    async with Viewer(f"ws://{there}/ws/events/{venue.event_id}") as viewer:
        await until(lambda: viewer.messages)

        hold = await post(here, "/hold-seat", ann, {"seat_id": seat})
        await until(lambda: viewer.statuses[seat] == "held")
        order = await post(here, "/confirm-booking", ann, {"hold_id": hold["hold_id"]})
        await until(lambda: viewer.statuses[seat] == "booked")
        await post(here, f"/cancel-booking/{order['bookings'][0]['id']}", ann)
        await until(lambda: viewer.statuses[seat] == "available")

        assert [message["status"] for message in viewer.messages if message["type"] == "seat_update"] == [
            "held",
            "booked",
            "available",
        ]


async def test_a_hold_that_nobody_confirms_turns_free_on_every_map_when_it_ends(
    instances: list[str], world: World
) -> None:
    here, there = instances
    venue = await world.event(seats=1)
    async with Viewer(f"ws://{there}/ws/events/{venue.event_id}") as viewer:
        await until(lambda: viewer.messages)
        await post(here, "/hold-seat", await world.person(), {"seat_id": venue.seat_ids[0]})
        await until(lambda: viewer.statuses[venue.seat_ids[0]] == "held")

        await until(lambda: viewer.statuses[venue.seat_ids[0]] == "available")

    assert (await world.seat(venue.seat_ids[0]))["status"] == "available"
