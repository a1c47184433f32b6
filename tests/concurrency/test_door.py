"""Many hands at the door: scanners of one ticket, and a buyer who cancels while somebody walks in."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import asyncpg
import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.concurrency.controls import admit_after_looking
from tests.integration.events.sales import sell
from tests.support.apps import SECRET, environ
from tests.support.live import serving
from tests.support.world import Person, Venue, World

SCANNERS = 50
INSTANCES = 2
ROUNDS = 3
CODES = TicketCodes(SECRET)


@pytest.fixture
async def servers_at_the_door(clean_database: str, redis_url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of instances that listen on real sockets."""
    settings = BookingSettings(**environ(database_url=clean_database, redis_url=redis_url))  # type: ignore[arg-type]
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(INSTANCES):
            address = await stack.enter_async_context(serving(create_app(settings)))
            client = httpx.AsyncClient(base_url=f"http://{address}", timeout=60)
            clients.append(await stack.enter_async_context(client))
        yield clients


@pytest.fixture
async def staff(world: World) -> Person:
    """Whose scanners stand at the door."""
    return await world.person(role="admin")


async def scan(
    client: httpx.AsyncClient, staff: Person, venue: Venue, booking_id: int, *, gate: str, **more: object
) -> httpx.Response:
    """Show the booking's ticket at the gate."""
    body = {"code": CODES.sign(Ticket(venue.event_id, booking_id)), "event_id": venue.event_id, "gate": gate, **more}
    return await client.post("/check-in", json=body, headers=staff.headers | {"Idempotency-Key": uuid4().hex})


async def test_of_fifty_scanners_of_one_ticket_one_lets_in(
    servers_at_the_door: list[httpx.AsyncClient], world: World, staff: Person
) -> None:
    venue = await world.event(seats=ROUNDS)
    ann = await world.person()

    for seat_id in venue.seat_ids:
        booking_id = await sell(world, venue, seat_id, ann)
        answers = await asyncio.gather(
            *(
                scan(servers_at_the_door[n % INSTANCES], staff, venue, booking_id, gate=f"Gate {n}")
                for n in range(SCANNERS)
            )
        )

        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: SCANNERS - 1}
        (winner,) = [n for n, answer in enumerate(answers) if answer.status_code == 200]
        told = {(answer.json()["gate"], answer.json()["admitted_at"]) for answer in answers}
        assert told == {(f"Gate {winner}", answers[winner].json()["admitted_at"])}, "all are told who it was"
    assert await world.connection.fetchval("SELECT count(*) FROM double_entries") == 0


async def test_of_fifty_scanners_that_had_no_network_one_counts_and_all_others_are_reported(
    servers_at_the_door: list[httpx.AsyncClient], world: World, staff: Person
) -> None:
    venue = await world.event(seats=1)
    booking_id = await sell(world, venue, venue.seat_ids[0], await world.person())

    answers = await asyncio.gather(
        *(
            scan(client, staff, venue, booking_id, gate=f"Gate {n}", scanned_at=f"2026-01-01T19:00:{n:02}Z")
            for n in range(SCANNERS)
            for client in servers_at_the_door  # each is told twice, at the same time, with two keys
        )
    )

    assert Counter(answer.status_code for answer in answers) == {200: 2, 409: 2 * SCANNERS - 2}
    gates = await world.connection.fetch("SELECT gate FROM double_entries")
    assert len(gates) == len({row["gate"] for row in gates}) == SCANNERS - 1


async def test_a_ticket_is_used_or_cancelled_and_never_both(
    servers_at_the_door: list[httpx.AsyncClient], world: World, staff: Person
) -> None:
    venue = await world.event(seats=24)
    ann = await world.person()
    bookings = [await sell(world, venue, seat_id, ann) for seat_id in venue.seat_ids]

    async def cancel(n: int, booking_id: int) -> httpx.Response:
        client = servers_at_the_door[(n + 1) % INSTANCES]
        return await client.post(f"/cancel-booking/{booking_id}", headers=ann.headers)

    answers = await asyncio.gather(
        *(scan(servers_at_the_door[n % INSTANCES], staff, venue, one, gate="North") for n, one in enumerate(bookings)),
        *(cancel(n, one) for n, one in enumerate(bookings)),
    )

    pairs = list(zip(answers[: len(bookings)], answers[len(bookings) :], strict=True))
    assert {(scanned.status_code, cancelled.status_code) for scanned, cancelled in pairs} <= {(200, 409), (410, 200)}
    for booking_id, (scanned, _) in zip(bookings, pairs, strict=True):
        row = await world.connection.fetchrow("SELECT status, admitted_at FROM bookings WHERE id = $1", booking_id)
        was_let_in = scanned.status_code == 200
        assert row is not None
        assert (row["status"], row["admitted_at"] is not None) == (
            ("confirmed", True) if was_let_in else ("cancelled", False)
        )


async def test_control_looking_first_lets_everybody_in(
    world: World, connections: list["asyncpg.Connection[asyncpg.Record]"], staff: Person
) -> None:
    venue = await world.event(seats=1)
    booking_id = await sell(world, venue, venue.seat_ids[0], await world.person())
    looked = asyncio.Barrier(len(connections))

    admitted = await asyncio.gather(
        *(admit_after_looking(connection, booking_id, staff.id, looked) for connection in connections)
    )

    assert admitted == [True] * len(connections), "every scanner shows green"
