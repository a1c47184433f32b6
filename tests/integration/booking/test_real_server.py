"""What only a real server shows: clients that hang up."""

import asyncio
import json
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
import redis.asyncio as redis

from booking_service import batched_writes
from booking_service.main import create_app
from booking_service.settings import BookingSettings
from shared.contracts.redis_keys import seat_lock
from tests.support.apps import environ
from tests.support.live import serving
from tests.support.patience import until
from tests.support.world import Person, Venue, World

WAITING_FOR_A_LOCK = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
async def address(clean_database: str, redis_url: str) -> AsyncIterator[str]:
    """Where the service listens."""
    settings = BookingSettings(**environ(database_url=clean_database, redis_url=redis_url))  # type: ignore[arg-type]
    async with serving(create_app(settings)) as address:
        yield address


async def test_who_hangs_up_while_waiting_gets_no_seat(
    address: str,
    world: World,
    venue: Venue,
    ann: Person,
    clean_database: str,
    gate: "redis.Redis",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both lanes wait for somebody's locks when Ann's request comes; she does not want to wait."""
    monkeypatch.setattr(batched_writes, "BEGIN", "BEGIN")  # and they go on waiting
    wanted, *stuck = venue.seat_ids[:3]
    people = [await world.person() for _ in stuck]
    blocker = await asyncpg.connect(clean_database)
    transaction = blocker.transaction()
    await transaction.start()
    await blocker.execute("SELECT FROM seats WHERE id = ANY($1) FOR UPDATE", stuck)

    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        busy = []
        for person, seat in zip(people, stuck, strict=True):
            busy.append(asyncio.create_task(client.post("/hold-seat", json={"seat_id": seat}, headers=person.headers)))

            async def so_many_wait(so_many: int = len(busy)) -> bool:
                return bool(await world.connection.fetchval(WAITING_FOR_A_LOCK) >= so_many)

            await until(so_many_wait, every_s=0.005)
        anns = await _ask(address, ann, wanted)

        async def she_is_through_the_gate() -> bool:
            return bool(await gate.exists(seat_lock(venue.event_id, wanted)))

        await until(she_is_through_the_gate, every_s=0.005)
        anns.close()
        await anns.wait_closed()
        for _ in range(2):  # what was sent before is read before
            await client.get("/health")
        await transaction.rollback()
        answers = await asyncio.gather(*busy)

        async def somebody_else_gets_it() -> bool:  # as soon as the gate is open again
            other = await client.post("/hold-seat", json={"seat_id": wanted}, headers=people[0].headers)
            return other.status_code == 201

        await until(somebody_else_gets_it)
    await blocker.close()

    assert [answer.status_code for answer in answers] == [201, 201]
    assert [row["user_id"] for row in await world.ledger(wanted)] == [people[0].id]


async def _ask(address: str, person: Person, seat_id: int) -> asyncio.StreamWriter:
    """Send a request, and leave the answer to come."""
    host, _, port = address.partition(":")
    body = json.dumps({"seat_id": seat_id})
    _, writer = await asyncio.open_connection(host, int(port))
    head = [
        "POST /hold-seat HTTP/1.1",
        f"host: {address}",
        f"authorization: {person.headers['Authorization']}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
    await writer.drain()
    return writer
