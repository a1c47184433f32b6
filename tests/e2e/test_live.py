"""Everybody sees the same map, on every instance."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from devstack.stack import Stack
from tests.e2e.conftest import Customer, SignUp


class Viewer:
    """An open map: a snapshot, then what changed, by version."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.seats: dict[int, tuple[str, int]] = {}
        self.received: list[dict[str, Any]] = []

    async def next(self) -> dict[str, Any]:
        """Take the next message into the map."""
        message: dict[str, Any] = json.loads(await self._socket.recv())
        self.received.append(message)
        if message["type"] == "snapshot":
            self.seats = {seat["seat_id"]: (seat["status"], seat["version"]) for seat in message["seats"]}
        elif message["type"] == "seat_update" and message["version"] > self.seats[message["seat_id"]][1]:
            self.seats[message["seat_id"]] = (message["status"], message["version"])
        return message

    async def sees(self, seat_id: int, status: str) -> None:
        """Read on until the seat has this status."""
        async with asyncio.timeout(30):
            while self.seats[seat_id][0] != status:
                await self.next()


@asynccontextmanager
async def watching(url: str, event_id: int, **options: Any) -> AsyncIterator[Viewer]:
    """A viewer of the event, at a service's or the edge's address."""
    async with connect(f"{url.replace('http', 'ws', 1)}/ws/events/{event_id}", max_size=None, **options) as socket:
        viewer = Viewer(socket)
        assert (await viewer.next())["type"] == "snapshot"
        yield viewer


async def test_viewers_on_every_instance_see_every_step(
    stack: Stack, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann = await sign_up()
    async with AsyncExitStack() as open_maps:
        viewers = [
            await open_maps.enter_async_context(watching(url, event["id"]))
            for url in (*stack.booking_urls, stack.edge_url)
        ]

        async def everybody_sees(status: str) -> None:
            await asyncio.gather(*(viewer.sees(seat_ids[0], status) for viewer in viewers))

        hold = (await ann.post("/hold-seat", {"seat_id": seat_ids[0]})).json()
        await everybody_sees("held")
        order = (await ann.post("/confirm-booking", {"hold_id": hold["hold_id"]})).json()
        await everybody_sees("booked")
        await ann.post(f"/cancel-booking/{order['bookings'][0]['id']}")
        await everybody_sees("available")

        again = (await ann.post("/hold-seat", {"seat_id": seat_ids[0]})).json()
        await everybody_sees("held")
        await ann.post("/release-hold", {"hold_id": again["hold_id"]})
        await everybody_sees("available")

        for viewer in viewers:
            assert ann.email not in json.dumps(viewer.received)
            assert hold["hold_id"] not in json.dumps(viewer.received)


async def test_a_map_opened_later_agrees_with_one_that_was_open_all_along(
    stack: Stack, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    people = [await sign_up() for _ in range(4)]
    async with watching(stack.booking_urls[0], event["id"]) as early:

        async def shop(person: Customer, mine: list[int]) -> None:
            for n, seat_id in enumerate(mine):
                hold = (await person.post("/hold-seat", {"seat_id": seat_id})).json()
                await person.post(("/confirm-booking", "/release-hold")[n % 2], {"hold_id": hold["hold_id"]})

        await asyncio.gather(*(shop(person, seat_ids[n * 8 : n * 8 + 8]) for n, person in enumerate(people)))

        async with watching(stack.booking_urls[1], event["id"]) as late:
            async with asyncio.timeout(30):
                while early.seats != late.seats:
                    await early.next()


async def test_three_hundred_open_maps_and_nobody_notices(
    stack: Stack, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann = await sign_up()
    async with AsyncExitStack() as open_maps:
        viewers = await asyncio.gather(
            *(
                open_maps.enter_async_context(watching(stack.booking_urls[n % 3], event["id"], open_timeout=60))
                for n in range(300)
            )
        )

        assert (await ann.post("/hold-seat", {"seat_ids": seat_ids[:5]})).status_code == 201
        await asyncio.gather(*(viewer.sees(seat_ids[4], "held") for viewer in viewers))


async def test_a_deleted_event_lets_its_viewers_go(stack: Stack, admin: Customer, event: dict[str, Any]) -> None:
    async with watching(stack.booking_urls[2], event["id"]) as viewer:
        await admin.client.delete(f"/api/events/{event['id']}")

        async with asyncio.timeout(30):
            while (await viewer.next())["type"] != "event_removed":
                pass


@pytest.mark.parametrize("event_id", ["999999999", "0", "-1", "99999999999999999999", "abc"])
async def test_unknown_events_are_refused_at_the_handshake(stack: Stack, event_id: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"{stack.edge_url.replace('http', 'ws', 1)}/ws/events/{event_id}"):
            pass

    assert 400 <= refused.value.response.status_code < 500


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example:80"])
async def test_foreign_pages_are_refused_at_the_handshake(stack: Stack, event: dict[str, Any], origin: str) -> None:
    for url in (stack.edge_url, stack.booking_urls[0]):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"{url.replace('http', 'ws', 1)}/ws/events/{event['id']}", origin=origin):  # type: ignore[arg-type]
                pass

        assert refused.value.response.status_code == 403


async def test_our_own_pages_may_watch(stack: Stack, event: dict[str, Any]) -> None:
    async with watching(stack.edge_url, event["id"], origin=stack.edge_url) as viewer:
        assert viewer.seats


async def test_a_hold_that_ends_turns_free_on_every_map(
    stack: Stack, visitor: httpx.AsyncClient, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    """Moves the hold's end in the database instead of waiting five minutes for it."""
    ann, ben = await sign_up(), await sign_up()
    async with watching(stack.booking_urls[0], event["id"]) as viewer:
        hold = (await ann.post("/hold-seat", {"seat_id": seat_ids[0]})).json()
        await viewer.sees(seat_ids[0], "held")
        connection = await asyncpg.connect(stack.database_url)
        await connection.execute(
            "UPDATE seats SET hold_expiry = clock_timestamp(), version = version + 1 WHERE id = $1", seat_ids[0]
        )
        await connection.close()

        seats = (await visitor.get(f"/api/events/{event['id']}/seats")).json()["seats"]
        assert seats[0]["status"] == "available", "an ended hold reads as available, before any sweep"
        assert (await ann.post("/confirm-booking", {"hold_id": hold["hold_id"]})).status_code == 410
        # The gate in Redis still stands for the old end; PostgreSQL is asked all the same once it is gone.
        assert (await ben.post("/hold-seat", {"seat_id": seat_ids[1]})).status_code == 201
