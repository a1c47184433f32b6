"""Deleting events, one administrator at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from shared.contracts.live_messages import EventRemoved, decode
from shared.contracts.redis_keys import live_channel
from tests.integration.events.aftermath import EVERY_TABLE_OF_AN_EVENT, audit, rows_left
from tests.integration.events.conftest import Organiser
from tests.integration.events.sales import sell
from tests.support.world import Person, World


async def test_deleting_removes_everything_and_the_ledger_tells_it(organiser: Organiser, world: World) -> None:
    ann = await world.person()
    kept = await world.event(name="kept", seats=2)
    gone = await world.event(name="gone", seats=3)
    free, held, ended = gone.seat_ids
    await world.hold(gone, [held], ann)
    await world.hold(gone, [ended], ann, ends_in_s=-1)

    answer = await organiser.client.delete(f"/events/{gone.event_id}", headers=organiser.headers)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await organiser.client.get(f"/events/{gone.event_id}")).status_code == 404
    assert (await organiser.client.delete(f"/events/{gone.event_id}", headers=organiser.headers)).status_code == 404
    assert await rows_left(world.connection) == {
        "events": 1,
        "seats": 2,
        "bookings": 0,
        "double_entries": 0,
        "orders": 0,
    }
    assert (await organiser.client.get(f"/events/{kept.event_id}/seats")).status_code == 200
    for seat_id, versions in ((free, [1]), (held, [1, 2]), (ended, [1, 2])):
        ledger = await world.ledger(seat_id)
        assert [row["version"] for row in ledger] == versions
        assert ledger[-1]["new_status"] == "blocked"
    (entry,) = await audit(world.connection)
    assert entry["action"] == "event.deleted"
    assert entry["detail"]["event"]["name"] == "gone"
    assert entry["detail"]["bookings"] == []


async def let_in_twice(world: World, booking_id: int, staff: Person) -> None:
    """Two doors have let somebody in with the ticket of this booking."""
    await world.connection.execute(
        "UPDATE bookings SET admitted_at = now(), admitted_by = $2 WHERE id = $1", booking_id, staff.id
    )
    await world.connection.execute(
        "INSERT INTO double_entries (booking_id, event_id, scanned_at, scanned_by)"
        " SELECT id, event_id, now(), $2 FROM bookings WHERE id = $1",
        booking_id,
        staff.id,
    )


async def test_an_event_with_confirmed_bookings_stays_unless_forced(organiser: Organiser, world: World) -> None:
    ann, ben = await world.person(), await world.person()
    venue = await world.event(seats=4, price=2500)
    first, second = venue.seat_ids[:2]
    bookings = [await sell(world, venue, first, ann), await sell(world, venue, second, ben)]
    await let_in_twice(world, bookings[0], organiser.person)
    path = f"/events/{venue.event_id}"

    refused = await organiser.client.delete(path, headers=organiser.headers)
    also_refused = await organiser.client.delete(f"{path}?force=false", headers=organiser.headers)

    assert refused.status_code == also_refused.status_code == 409
    assert refused.json()["type"] == "/problems/event-has-bookings"
    assert refused.json()["confirmed_bookings"] == 2
    assert (await world.seat(first))["status"] == "booked"
    assert await audit(world.connection) == []

    forced = await organiser.client.delete(f"{path}?force=true", headers=organiser.headers)

    assert forced.status_code == 204
    assert await rows_left(world.connection) == dict.fromkeys(EVERY_TABLE_OF_AN_EVENT, 0)
    (entry,) = await audit(world.connection)
    assert (entry["action"], entry["actor_id"]) == ("event.force_deleted", organiser.person.id)
    detail = entry["detail"]
    assert detail["event"]["id"] == venue.event_id
    assert detail["confirmed_bookings"] == 2
    assert [{k: v for k, v in booking.items() if k != "order_id"} for booking in detail["bookings"]] == [
        {
            "booking_id": booking_id,
            "user_id": person.id,
            "seat_id": seat_id,
            "seat_number": seat_number,
            "price": 2500,
            "currency": "EUR",
            "status": "confirmed",
            "admitted": seat_id == first,
        }
        for booking_id, person, seat_id, seat_number in zip(
            bookings, (ann, ben), (first, second), ("A1", "A2"), strict=True
        )
    ]
    ledger = await world.ledger(first)
    assert [row["new_status"] for row in ledger] == ["held", "booked", "blocked"]
    assert ledger[-1]["booking_id"] == bookings[0]


async def test_bookings_that_were_cancelled_do_not_keep_an_event(organiser: Organiser, world: World) -> None:
    ann = await world.person()
    venue = await world.event(seats=1)
    (seat_id,) = venue.seat_ids
    booking_id = await sell(world, venue, seat_id, ann)
    async with world.connection.transaction():
        await world.connection.execute(
            "UPDATE seats SET status = 'available', booking_id = NULL, version = version + 1 WHERE id = $1", seat_id
        )
        await world.connection.execute(
            "UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE id = $1", booking_id
        )

    answer = await organiser.client.delete(f"/events/{venue.event_id}", headers=organiser.headers)

    assert answer.status_code == 204
    (entry,) = await audit(world.connection)
    assert entry["action"] == "event.deleted"
    assert [booking["status"] for booking in entry["detail"]["bookings"]] == ["cancelled"]


@asynccontextmanager
async def listening(redis: Redis, channel: str) -> AsyncIterator[asyncio.Queue[bytes]]:
    """What is said on `channel`, as a queue."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(channel)
        await pubsub.get_message(timeout=2)

        async def listen() -> None:
            async for message in pubsub.listen():
                heard.put_nowait(message["data"])

        task = asyncio.create_task(listen())
        yield heard
        task.cancel()


async def test_viewers_are_told_of_the_end_once_it_has_happened(
    organiser: Organiser, world: World, redis: Redis
) -> None:
    ann = await world.person()
    venue = await world.event(seats=1)
    await sell(world, venue, venue.seat_ids[0], ann)

    async with listening(redis, live_channel(venue.event_id)) as heard:
        await organiser.client.delete(f"/events/{venue.event_id}", headers=organiser.headers)
        await organiser.client.delete(f"/events/{venue.event_id}?force=true", headers=organiser.headers)
        async with asyncio.timeout(2):
            first = await heard.get()

    # The refusal came first, and said nothing.
    assert decode(first) == EventRemoved(venue.event_id)
    assert heard.empty()


async def test_a_large_house_is_deleted_within_seconds(organiser: Organiser, world: World) -> None:
    """Blocking 12,000 seats took the guard of the seats 22 s, when it compared them row with row."""
    event = await organiser.create(event_type="concert", template="arena", capacity=12_000)

    async with asyncio.timeout(8):
        answer = await organiser.client.delete(f"/events/{event['id']}", headers=organiser.headers)

    assert answer.status_code == 204
    assert await world.connection.fetchval("SELECT count(*) FROM seat_log WHERE new_status = 'blocked'") == 12_000


async def test_a_stadium_is_put_on_sale_and_deleted_within_the_limit_of_a_statement(
    organiser: Organiser, world: World
) -> None:
    event = await organiser.create(event_type="sports", template="stadium", capacity=None)
    seats = await world.connection.fetchval("SELECT count(*) FROM seats WHERE event_id = $1", event["id"])

    answer = await organiser.client.delete(f"/events/{event['id']}", headers=organiser.headers)

    assert (event["seat_count"], seats, answer.status_code) == (50_000, 50_000, 204)
