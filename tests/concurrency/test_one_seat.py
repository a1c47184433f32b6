"""Everybody wants the same seat."""

import asyncio
from collections import Counter

import asyncpg
import httpx
import pytest

from tests.concurrency.controls import hold_after_looking
from tests.support.world import World

PEOPLE = 60
ROUNDS = 3


async def test_of_all_who_press_at_once_exactly_one_gets_the_seat(
    instances: list[httpx.AsyncClient], world: World
) -> None:
    venue = await world.event(seats=ROUNDS)
    people = [await world.person() for _ in range(PEOPLE)]

    for seat_id in venue.seat_ids:
        answers = await asyncio.gather(
            *(
                instances[n % len(instances)].post("/hold-seat", json={"seat_id": seat_id}, headers=person.headers)
                for n, person in enumerate(people)
            )
        )

        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: PEOPLE - 1}
        winner = next(n for n, answer in enumerate(answers) if answer.status_code == 201)
        assert (await world.seat(seat_id))["held_by"] == people[winner].id
        assert [(row["old_status"], row["new_status"]) for row in await world.ledger(seat_id)] == [
            ("available", "held")
        ]
        people.append(people.pop(winner))


async def test_control_looking_first_gives_the_seat_to_everybody(
    unguarded: World, connections: list["asyncpg.Connection[asyncpg.Record]"]
) -> None:
    venue = await unguarded.event(seats=1)
    people = [await unguarded.person() for _ in connections]
    looked = asyncio.Barrier(len(connections))

    winners = await asyncio.gather(
        *(
            hold_after_looking(connection, venue.seat_ids[0], person.id, looked)
            for connection, person in zip(connections, people, strict=True)
        )
    )

    assert len([winner for winner in winners if winner]) == len(people), "everybody believes the seat is theirs"


async def test_even_the_control_is_stopped_by_the_database(
    world: World, connections: list["asyncpg.Connection[asyncpg.Record]"]
) -> None:
    venue = await world.event(seats=1)
    people = [await world.person() for _ in connections]
    looked = asyncio.Barrier(len(connections))

    outcomes = await asyncio.gather(
        *(
            hold_after_looking(connection, venue.seat_ids[0], person.id, looked)
            for connection, person in zip(connections, people, strict=True)
        ),
        return_exceptions=True,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, asyncpg.CheckViolationError)]
    assert len(refused) == len(people) - 1


async def test_a_sale_of_everything_sells_every_seat_once(instances: list[httpx.AsyncClient], world: World) -> None:
    venue = await world.event(seats=40)
    people = [await world.person() for _ in range(20)]

    async def shop(n: int) -> list[int]:
        """Try every seat, from a place of one's own on; confirm what one gets."""
        bought = []
        client, person = instances[n % len(instances)], people[n]
        for step in range(len(venue.seat_ids)):
            seat_id = venue.seat_ids[(n * 2 + step) % len(venue.seat_ids)]
            hold = await client.post("/hold-seat", json={"seat_id": seat_id}, headers=person.headers)
            if hold.status_code == 201:
                order = await instances[(n + 1) % len(instances)].post(
                    "/confirm-booking", json={"hold_id": hold.json()["hold_id"]}, headers=person.headers
                )
                assert order.status_code == 201, order.text
                bought.append(seat_id)
        return bought

    bought = [seat_id for seats in await asyncio.gather(*(shop(n) for n in range(20))) for seat_id in seats]

    assert sorted(bought) == list(venue.seat_ids)
    assert await world.connection.fetchval("SELECT count(*) FROM bookings WHERE status = 'confirmed'") == 40


@pytest.mark.parametrize("size", [2, 4])
async def test_overlapping_groups_are_held_whole_or_not_at_all(
    instances: list[httpx.AsyncClient], world: World, size: int
) -> None:
    venue = await world.event(seats=10)
    people = [await world.person() for _ in range(30)]

    answers = await asyncio.gather(
        *(
            instances[n % len(instances)].post(
                "/hold-seat",
                json={"seat_ids": list(venue.seat_ids[n % 7 : n % 7 + size])[:: 1 if n % 2 else -1]},
                headers=person.headers,
            )
            for n, person in enumerate(people)
        )
    )

    assert {answer.status_code for answer in answers} <= {201, 409}
    for answer, person in zip(answers, people, strict=True):
        held = await world.connection.fetchval("SELECT count(*) FROM seats WHERE held_by = $1", person.id)
        assert held == (size if answer.status_code == 201 else 0)
