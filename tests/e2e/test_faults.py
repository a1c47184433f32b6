"""Parts die in the middle of it. Nobody else gets the seat, nothing confirmed is lost, and it goes on."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import redis.asyncio as redis

from devstack.stack import Stack
from tests.e2e.conftest import Customer, SignUp
from tests.e2e.test_live import watching
from tests.support.patience import until


async def _settled(person: Customer, path: str, body: Any) -> httpx.Response:
    """The answer to a write, however often it has to be asked: the same key every time, as every client should."""
    key = uuid4().hex

    async def answered() -> httpx.Response | None:
        try:
            answer = await person.post(path, body, **{"Idempotency-Key": key})
        except httpx.TransportError:
            return None
        return answer if answer.status_code < 500 else None

    settled = await until(answered)
    assert settled is not None
    return settled


async def test_redis_forgets_everything_and_dies_between_hold_and_confirm(
    stack: Stack, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann, ben = await sign_up(), await sign_up()
    async with watching(stack.booking_urls[1], event["id"]) as viewer:
        hold = (await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})).json()
        client = redis.Redis.from_url(stack.redis_url)
        await client.flushall()
        await client.aclose()

        assert (await ben.post("/hold-seat", {"seat_id": seat_ids[0]})).status_code == 409, "forgotten, not free"
        stack.kill("redis")
        assert (await ben.post("/hold-seat", {"seat_id": seat_ids[1]})).status_code == 409, "dead, not free"
        order = await ann.post("/confirm-booking", {"hold_id": hold["hold_id"]})

        assert order.status_code == 201
        await viewer.sees(seat_ids[0], "booked")
        await viewer.sees(seat_ids[1], "booked")


async def test_postgres_dies_and_every_open_question_is_settled_by_the_same_key(
    stack: Stack, sign_up: SignUp, visitor: httpx.AsyncClient, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann, ben = await sign_up(), await sign_up()
    before = await _settled(ann, "/hold-seat", {"seat_ids": seat_ids[:2]})
    confirmed = await _settled(ann, "/confirm-booking", {"hold_id": before.json()["hold_id"]})
    held = (await ann.post("/hold-seat", {"seat_id": seat_ids[2]})).json()

    pending = asyncio.create_task(_settled(ben, "/hold-seat", {"seat_id": seat_ids[3]}))
    stack.kill("postgres")
    order = await _settled(ann, "/confirm-booking", {"hold_id": held["hold_id"]})
    other = await pending

    assert (confirmed.status_code, order.status_code, other.status_code) == (201, 201, 201)
    seats = (await visitor.get(f"/api/events/{event['id']}/seats")).json()["seats"]
    assert [seat["status"] for seat in seats[:5]] == ["booked", "booked", "booked", "held", "available"]
    assert len((await ann.get("/my-bookings")).json()["items"]) == 3


async def test_a_booking_instance_dies_and_the_others_go_on(
    stack: Stack, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann = await sign_up()
    hold = await _settled(ann, "/hold-seat", {"seat_id": seat_ids[0]})

    stack.kill("booking")
    order = await _settled(ann, "/confirm-booking", {"hold_id": hold.json()["hold_id"]})

    assert (hold.status_code, order.status_code) == (201, 201)
    async with watching(stack.edge_url, event["id"]) as viewer:
        await viewer.sees(seat_ids[0], "booked")


async def test_a_map_goes_on_after_its_database_was_away(
    stack: Stack, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann = await sign_up()
    async with watching(stack.booking_urls[0], event["id"]) as viewer:
        stack.kill("postgres")
        held = await _settled(ann, "/hold-seat", {"seat_id": seat_ids[0]})

        assert held.status_code == 201
        await viewer.sees(seat_ids[0], "held")
