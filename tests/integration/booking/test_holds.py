"""Holds, through the service's own door."""

import asyncio

import httpx
import pytest
import redis.asyncio as redis

from tests.integration.booking.requests import place
from tests.support.patience import until
from tests.support.world import Person, Venue, World


async def test_a_hold_is_answered_as_the_contract_says(booking: httpx.AsyncClient, venue: Venue, ann: Person) -> None:
    response = await booking.post("/hold-seat", json={"seat_id": venue.seat_ids[0]}, headers=ann.headers)

    assert response.status_code == 201
    body = response.json()
    assert body["event_id"] == venue.event_id
    assert body["seats"] == [
        {"seat_id": venue.seat_ids[0], "seat_number": "A1", "status": "held", "version": 1, "price": 4500}
    ]
    assert (body["total"], body["currency"], body["expires_in"]) == (4500, "EUR", 300)
    assert body["expires_at"].endswith("Z")


async def test_a_group_is_held_whole_or_not_at_all(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    one, two, three = venue.seat_ids[:3]
    await place(booking, ann, two)

    response = await place(booking, ben, three, two, one)

    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/problems/seat-unavailable"
    assert [seat["seat_id"] for seat in problem["seats"]] == [two]
    assert (await world.seat(one))["status"] == (await world.seat(three))["status"] == "available"


async def test_a_409_lists_every_refused_seat_booked_ones_too(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person
) -> None:
    one, two, three = venue.seat_ids[:3]
    hold = (await place(booking, ann, one)).json()
    await booking.post("/confirm-booking", json={"hold_id": hold["hold_id"]}, headers=ann.headers)
    await place(booking, ann, three)

    response = await place(booking, ben, one, two, three)

    assert [(seat["seat_id"], seat["status"]) for seat in response.json()["seats"]] == [
        (one, "booked"),
        (three, "held"),
    ]
    assert "held_by" not in response.text


async def test_the_gate_is_shut_for_as_long_as_the_hold_lasts(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, gate: redis.Redis
) -> None:
    seat_id = venue.seat_ids[0]
    hold = (await place(booking, ann, seat_id)).json()

    assert await gate.get(f"seat_lock:{{{venue.event_id}}}:{seat_id}") == hold["hold_id"]
    assert 295_000 < await gate.pttl(f"seat_lock:{{{venue.event_id}}}:{seat_id}") <= 300_000

    await booking.post("/release-hold", json={"hold_id": hold["hold_id"]}, headers=ann.headers)

    assert await gate.keys("seat_lock:*") == []


async def test_without_redis_data_nobody_else_gets_the_seat(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person, gate: redis.Redis
) -> None:
    hold = (await place(booking, ann, venue.seat_ids[0])).json()

    await gate.flushall()

    assert (await place(booking, ben, venue.seat_ids[0])).status_code == 409
    confirmed = await booking.post("/confirm-booking", json={"hold_id": hold["hold_id"]}, headers=ann.headers)
    assert confirmed.status_code == 201


async def test_a_gate_left_behind_by_a_refused_group_is_opened_again(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person, gate: redis.Redis
) -> None:
    one, two = venue.seat_ids[:2]
    await world.hold(venue, [two], ann)

    assert (await place(booking, ben, one, two)).status_code == 409
    assert (await place(booking, ann, one)).status_code == 201


async def test_an_ended_hold_can_be_taken_over_before_any_sweep(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-1)

    response = await place(booking, ben, venue.seat_ids[0])

    assert response.status_code == 201
    assert (await world.seat(venue.seat_ids[0]))["held_by"] == ben.id


@pytest.mark.parametrize("operation", ["confirm-booking", "extend-hold"])
async def test_an_ended_hold_is_gone(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, operation: str
) -> None:
    hold_id = await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-1)

    response = await booking.post(f"/{operation}", json={"hold_id": str(hold_id)}, headers=ann.headers)

    assert (response.status_code, response.json()["type"]) == (410, "/problems/hold-ended")


@pytest.mark.parametrize("operation", ["confirm-booking", "extend-hold", "release-hold"])
async def test_somebody_elses_hold_does_not_exist(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person, operation: str
) -> None:
    hold_id = await world.hold(venue, [venue.seat_ids[0]], ann)

    response = await booking.post(f"/{operation}", json={"hold_id": str(hold_id)}, headers=ben.headers)

    assert response.status_code == 404
    assert (await world.seat(venue.seat_ids[0]))["hold_id"] == hold_id


async def test_a_released_seat_is_free_at_once_and_releasing_twice_is_fine(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person
) -> None:
    hold = (await place(booking, ann, venue.seat_ids[0])).json()

    for _ in range(2):
        response = await booking.post("/release-hold", json={"hold_id": hold["hold_id"]}, headers=ann.headers)
        assert (response.status_code, response.content) == (204, b"")

    assert (await place(booking, ben, venue.seat_ids[0])).status_code == 201


async def test_my_holds_survive_a_reload_and_are_only_mine(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    first = (await place(booking, ann, *venue.seat_ids[:2])).json()
    second = (await place(booking, ann, venue.seat_ids[2])).json()
    await place(booking, ben, venue.seat_ids[3])
    await world.hold(venue, [venue.seat_ids[4]], ann, ends_in_s=-1)

    items = (await booking.get("/my-holds", headers=ann.headers)).json()["items"]

    assert [item["hold_id"] for item in items] == [first["hold_id"], second["hold_id"]]
    assert items[0]["seats"] == first["seats"]


async def test_extending_moves_the_end_up_to_the_cap(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    hold = (await place(booking, ann, venue.seat_ids[0])).json()
    await world.connection.execute(
        "ALTER TABLE seats DISABLE TRIGGER seats_guard;"
        "UPDATE seats SET held_since = held_since - interval '54 minutes' WHERE status = 'held';"
        "ALTER TABLE seats ENABLE TRIGGER seats_guard"
    )

    extended = await booking.post("/extend-hold", json={"hold_id": hold["hold_id"]}, headers=ann.headers)

    # One minute was left under the cap, and the hold already lasted longer: it keeps the end it has.
    assert extended.status_code == 200
    assert extended.json()["expires_at"] == hold["expires_at"]


async def test_extending_gives_a_full_period_again(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    hold_id = await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=20)

    extended = await booking.post("/extend-hold", json={"hold_id": str(hold_id)}, headers=ann.headers)

    assert extended.json()["expires_in"] == 300
    assert extended.json()["seats"][0]["version"] == 2


async def test_an_extension_takes_turns_with_the_holds_of_its_user(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    """The auditor found it: ten seats were extended, the commit came after their old end, and in between ten more were
    held, since nobody counts a hold that has ended. Twenty seats, with a limit of ten."""
    hold = (await place(booking, ann, venue.seat_ids[0])).json()
    async with world.connection.transaction():
        await world.connection.execute(
            "SELECT pg_advisory_xact_lock(hashint8extended($1::bigint, $2::bigint))", ann.id, venue.event_id
        )
        extension = asyncio.create_task(
            booking.post("/extend-hold", json={"hold_id": hold["hold_id"]}, headers=ann.headers)
        )

        async def waits() -> bool:
            waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
            return bool(await world.connection.fetchval(waiting))

        assert await until(waits)
        assert (await world.seat(venue.seat_ids[0]))["version"] == 1

    assert (await extension).status_code == 200


async def test_forty_parallel_requests_cannot_pass_the_limit(
    booking: httpx.AsyncClient, world: World, ann: Person
) -> None:
    venue = await world.event(seats=40)

    responses = await asyncio.gather(*(place(booking, ann, seat_id) for seat_id in venue.seat_ids))

    assert sorted(response.status_code for response in responses) == [201] * 10 + [409] * 30
    assert {r.json()["type"] for r in responses if r.status_code == 409} == {"/problems/hold-limit-reached"}


async def test_overlapping_groups_in_opposite_orders_do_not_deadlock(
    booking: httpx.AsyncClient, world: World, venue: Venue
) -> None:
    people = [await world.person() for _ in range(12)]
    groups = [venue.seat_ids[i % 4 : i % 4 + 4][:: 1 if i % 2 else -1] for i in range(12)]

    responses = await asyncio.gather(
        *(place(booking, person, *group) for person, group in zip(people, groups, strict=True))
    )

    assert {response.status_code for response in responses} <= {201, 409}
    held = [seat["seat_id"] for r in responses if r.status_code == 201 for seat in r.json()["seats"]]
    assert len(held) == len(set(held)) >= 4


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seat_ids": []},
        {"seat_id": None},
        {"seat_id": 0},
        {"seat_id": 2**63},
        {"seat_id": "1"},
        {"seat_id": True},
        {"seat_id": 1.0},
        {"seat_ids": [1, 1]},
        {"seat_ids": list(range(1, 12))},
        {"seat_id": 1, "seat_ids": [1]},
        {"seat_id": 1, "price": 1},
    ],
)
async def test_malformed_requests_are_refused(booking: httpx.AsyncClient, ann: Person, body: dict[str, object]) -> None:
    response = await booking.post("/hold-seat", json=body, headers=ann.headers)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


async def test_seats_that_do_not_exist_or_are_of_two_events(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    other = await world.event(seats=2)

    unknown = await place(booking, ann, other.seat_ids[-1] + 1)
    mixed = await place(booking, ann, venue.seat_ids[0], other.seat_ids[0])

    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/seat-not-found")
    assert (mixed.status_code, mixed.json()["type"]) == (422, "/problems/seats-of-two-events")


async def test_an_event_that_has_started_is_not_sold(booking: httpx.AsyncClient, world: World, ann: Person) -> None:
    started = await world.event(seats=1)
    await world.connection.execute("UPDATE events SET start_time = now() - interval '1 second'")

    response = await place(booking, ann, started.seat_ids[0])

    assert (response.status_code, response.json()["type"]) == (409, "/problems/event-not-on-sale")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
async def test_without_a_good_token_nothing_happens(
    booking: httpx.AsyncClient, venue: Venue, headers: dict[str, str]
) -> None:
    response = await booking.post("/hold-seat", json={"seat_id": venue.seat_ids[0]}, headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_revoked_session_ends_at_once(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    await world.connection.execute("UPDATE sessions SET revoked_at = now() WHERE id = $1", ann.session_id)

    assert (await place(booking, ann, venue.seat_ids[0])).status_code == 401
