"""The same key, the same answer: what settles an answer that got lost."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from tests.integration.booking.requests import place
from tests.support.apps import environ, running
from tests.support.world import Person, Venue, World


async def test_a_retry_with_the_same_key_gets_the_same_answer(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    key = uuid4().hex

    first, second = [await place(booking, ann, venue.seat_ids[0], key=key) for _ in range(2)]

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert len(await world.ledger(venue.seat_ids[0])) == 1


async def test_parallel_retries_with_the_same_key_all_get_the_one_hold(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    key = uuid4().hex

    responses = await asyncio.gather(*(place(booking, ann, venue.seat_ids[0], key=key) for _ in range(10)))

    assert {(response.status_code, response.content) for response in responses} == {(201, responses[0].content)}
    assert len(await world.ledger(venue.seat_ids[0])) == 1


async def test_a_refusal_is_remembered_under_its_key_too(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person
) -> None:
    key = uuid4().hex
    hold = (await place(booking, ann, venue.seat_ids[0])).json()
    refused = await place(booking, ben, venue.seat_ids[0], key=key)
    await booking.post("/release-hold", json={"hold_id": hold["hold_id"]}, headers=ann.headers)

    again = await place(booking, ben, venue.seat_ids[0], key=key)

    assert (refused.status_code, again.status_code) == (409, 409)
    assert refused.content == again.content
    assert (await place(booking, ben, venue.seat_ids[0])).status_code == 201


async def test_a_retry_gets_its_answer_also_when_the_event_is_gone(
    clean_database: str, redis_url: str, world: World, venue: Venue, ann: Person
) -> None:
    """Chaos, seed 5: the retry came to an instance that had never heard of the event, and was told 404."""
    settings = BookingSettings(**environ(database_url=clean_database, redis_url=redis_url))  # type: ignore[arg-type]
    async with running(create_app(settings)) as first, running(create_app(settings)) as second:
        answered = await place(first, ann, venue.seat_ids[0], key="one")
        await world.connection.execute("DELETE FROM seats WHERE event_id = $1", venue.event_id)
        await world.connection.execute("DELETE FROM events WHERE id = $1", venue.event_id)

        again = await place(second, ann, venue.seat_ids[0], key="one")
        unknown = await place(second, ann, venue.seat_ids[0], key="two")

    assert (again.status_code, again.json()) == (201, answered.json())
    assert unknown.status_code == 404
    assert unknown.json()["type"] == "/problems/seat-not-found"


async def test_a_key_with_another_body_is_refused(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    key = uuid4().hex
    await place(booking, ann, venue.seat_ids[0], key=key)

    response = await place(booking, ann, venue.seat_ids[1], key=key)

    assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert (await world.seat(venue.seat_ids[1]))["status"] == "available"


async def test_keys_of_two_users_have_nothing_to_do_with_each_other(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person
) -> None:
    key = uuid4().hex

    first = await place(booking, ann, venue.seat_ids[0], key=key)
    second = await place(booking, ben, venue.seat_ids[1], key=key)

    assert (first.status_code, second.status_code) == (201, 201)


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"white space", "ünïcode".encode("latin-1")])
async def test_a_malformed_key_is_refused(booking: httpx.AsyncClient, venue: Venue, ann: Person, key: bytes) -> None:
    headers = [(name.encode(), value.encode()) for name, value in ann.headers.items()]

    response = await booking.post(
        "/hold-seat", json={"seat_id": venue.seat_ids[0]}, headers=[*headers, (b"Idempotency-Key", key)]
    )

    assert response.status_code == 422
