"""Late hands: people, sweeps and cancels that come back after the seat has moved on."""

import asyncio
from uuid import uuid4

import asyncpg
import httpx

from tests.concurrency.controls import (
    confirm_without_the_hold_id,
    free_selected_holds,
    free_without_the_booking_id,
    hold_within_a_counted_limit,
)
from tests.support.world import World


async def _confirm(client: httpx.AsyncClient, hold_id: object, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/confirm-booking", json={"hold_id": str(hold_id)}, headers=headers)


async def test_a_holder_who_paused_past_the_end_books_nothing(instances: list[httpx.AsyncClient], world: World) -> None:
    venue = await world.event(seats=1)
    ann, ben = await world.person(), await world.person()
    anns = await world.hold(venue, list(venue.seat_ids), ann, ends_in_s=-1)
    bens = (await instances[0].post("/hold-seat", json={"seat_id": venue.seat_ids[0]}, headers=ben.headers)).json()

    late, right = await asyncio.gather(
        _confirm(instances[1], anns, ann.headers), _confirm(instances[2], bens["hold_id"], ben.headers)
    )

    assert (late.status_code, right.status_code) == (410, 201)
    assert await world.connection.fetchval("SELECT user_id FROM bookings") == ben.id


async def test_control_without_the_hold_id_a_late_holder_books_a_strangers_seat(unguarded: World) -> None:
    venue = await unguarded.event(seats=1)
    ann, ben = await unguarded.person(), await unguarded.person()
    anns = await unguarded.hold(venue, list(venue.seat_ids), ann, ends_in_s=-1)
    await unguarded.hold(venue, list(venue.seat_ids), ben)

    stolen = await confirm_without_the_hold_id(unguarded.connection, venue.event_id, venue.seat_ids[0], ann.id, anns)

    assert stolen, "Ann has booked the seat that Ben holds"


async def test_many_hands_of_one_user_cannot_pass_the_limit(instances: list[httpx.AsyncClient], world: World) -> None:
    venue = await world.event(seats=30)
    ann = await world.person()

    answers = await asyncio.gather(
        *(
            instances[n % 3].post("/hold-seat", json={"seat_id": seat_id}, headers=ann.headers)
            for n, seat_id in enumerate(venue.seat_ids)
        )
    )

    assert sum(answer.status_code == 201 for answer in answers) == 10
    assert await world.connection.fetchval("SELECT count(*) FROM seats WHERE held_by = $1", ann.id) == 10


async def test_control_counting_first_passes_the_limit(
    world: World, connections: list["asyncpg.Connection[asyncpg.Record]"]
) -> None:
    venue = await world.event(seats=len(connections))
    ann = await world.person()
    counted = asyncio.Barrier(len(connections))

    held = await asyncio.gather(
        *(
            hold_within_a_counted_limit(connection, seat_id, ann.id, limit=4, counted=counted)
            for connection, seat_id in zip(connections, venue.seat_ids, strict=True)
        )
    )

    assert sum(held) == len(connections), "a limit of four let everything through"


async def test_a_late_cancel_frees_nobody_elses_seat(instances: list[httpx.AsyncClient], world: World) -> None:
    venue = await world.event(seats=1)
    ann, ben = await world.person(), await world.person()
    first = await _buy(instances[0], venue.seat_ids[0], ann.headers)
    await instances[0].post(f"/cancel-booking/{first}", headers=ann.headers)
    await _buy(instances[1], venue.seat_ids[0], ben.headers)

    answers = await asyncio.gather(
        *(instances[n % 3].post(f"/cancel-booking/{first}", headers=ann.headers) for n in range(10))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert (await world.seat(venue.seat_ids[0]))["status"] == "booked"


async def test_control_a_cancel_that_does_not_name_its_booking_frees_a_strangers_seat(
    instances: list[httpx.AsyncClient], world: World
) -> None:
    venue = await world.event(seats=1)
    ann, ben = await world.person(), await world.person()
    first = await _buy(instances[0], venue.seat_ids[0], ann.headers)
    await instances[0].post(f"/cancel-booking/{first}", headers=ann.headers)
    await _buy(instances[1], venue.seat_ids[0], ben.headers)

    await free_without_the_booking_id(world.connection, venue.seat_ids[0])

    assert (await world.seat(venue.seat_ids[0]))["status"] == "available", "Ben's seat is on sale again"


async def test_control_a_sweep_that_trusts_its_selection_frees_a_booked_seat(
    instances: list[httpx.AsyncClient], unguarded: World
) -> None:
    venue = await unguarded.event(seats=1)
    ann, ben = await unguarded.person(), await unguarded.person()
    await unguarded.hold(venue, list(venue.seat_ids), ann, ends_in_s=-1)
    selected = await unguarded.connection.fetch("SELECT id FROM seats WHERE hold_expiry <= now()")
    await _buy(instances[0], venue.seat_ids[0], ben.headers)

    await free_selected_holds(unguarded.connection, [row["id"] for row in selected])

    assert (await unguarded.seat(venue.seat_ids[0]))["status"] == "available", "Ben's booked seat is on sale again"


async def test_the_same_key_on_every_instance_at_once_holds_once(
    instances: list[httpx.AsyncClient], world: World
) -> None:
    venue = await world.event(seats=2)
    ann = await world.person()
    headers = ann.headers | {"Idempotency-Key": uuid4().hex}

    answers = await asyncio.gather(
        *(
            instances[n % 3].post("/hold-seat", json={"seat_ids": list(venue.seat_ids)}, headers=headers)
            for n in range(24)
        )
    )

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert await world.connection.fetchval("SELECT count(*) FROM seat_log") == 2


async def _buy(client: httpx.AsyncClient, seat_id: int, headers: dict[str, str]) -> int:
    hold = await client.post("/hold-seat", json={"seat_id": seat_id}, headers=headers)
    order = await client.post("/confirm-booking", json={"hold_id": hold.json()["hold_id"]}, headers=headers)
    assert order.status_code == 201, order.text
    booking_id: int = order.json()["bookings"][0]["id"]
    return booking_id
