"""Many parties want good places at the same time: areas, rows and tables are given once, and to the last place."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import asyncpg
import httpx
import pytest

from audit.inspection import Terms, inspect
from audit.invariant import all_invariants
from tests.concurrency.controls import hold_what_looked_free
from tests.support.plans import plan, row, seated, standing, table, tables
from tests.support.world import Person, Venue, World


@pytest.fixture
def audited(clean_database: str) -> Any:
    """Call it at the end: no invariant of the auditor is broken."""

    async def audit() -> None:
        report = await asyncio.to_thread(inspect, clean_database, all_invariants(), Terms(hold_limit=10, scratch=True))
        assert not report.findings
        assert not report.errors

    return audit


async def _hold_best(
    instances: Sequence[httpx.AsyncClient], people: Sequence[Person], venue: Venue, quantity: int, **wish: Any
) -> list[httpx.Response]:
    """All at once, at one instance after the other, choosing and holding in one call."""
    body = {"event_id": venue.event_id, "quantity": quantity, **wish}
    return await asyncio.gather(
        *(
            instances[n % len(instances)].post("/hold-seat", json=body, headers=person.headers)
            for n, person in enumerate(people)
        )
    )


def _held(answers: Sequence[httpx.Response]) -> list[int]:
    return [seat["seat_id"] for answer in answers if answer.status_code == 201 for seat in answer.json()["seats"]]


@pytest.mark.parametrize(("capacity", "quantity"), [(40, 1), (100, 2), (90, 4)])
async def test_a_standing_area_is_sold_out_and_never_beyond_its_capacity(
    instances: list[httpx.AsyncClient], world: World, audited: Any, capacity: int, quantity: int
) -> None:
    venue = await world.event(plan=plan(standing(capacity)))
    people = [await world.person() for _ in range(60)]

    answers = await _hold_best(instances, people, venue, quantity, sections=["FLOOR"])

    winners = capacity // quantity
    assert Counter(answer.status_code for answer in answers) == {201: winners, 409: len(people) - winners}
    held = _held(answers)
    assert len(set(held)) == len(held) == winners * quantity
    left = await world.connection.fetchval("SELECT count(*) FROM seats WHERE status = 'available'")
    assert left == capacity - winners * quantity
    await audited()


async def test_control_choosing_what_looks_free_gives_the_same_places_to_everybody(
    unguarded: World, connections: list["asyncpg.Connection[asyncpg.Record]"]
) -> None:
    venue = await unguarded.event(plan=plan(standing(4)))
    people = [await unguarded.person() for _ in connections]
    looked = asyncio.Barrier(len(connections))

    held = await asyncio.gather(
        *(
            hold_what_looked_free(connection, venue.event_id, person.id, quantity=2, looked=looked)
            for connection, person in zip(connections, people, strict=True)
        )
    )

    sold = [seat_id for seats in held for seat_id in seats]
    assert len(sold) == 2 * len(connections) > 4, "ten pairs stand in an area for four"


async def test_all_who_choose_at_the_same_time_get_places_of_their_own(
    instances: list[httpx.AsyncClient], world: World, audited: Any
) -> None:
    venue = await world.event(plan=_theatre())
    people = [await world.person() for _ in range(30)]

    answers = await _hold_best(instances, people, venue, 4)

    assert {answer.status_code for answer in answers} == {201}
    held = _held(answers)
    assert len(set(held)) == len(held) == 4 * len(people)
    await audited()


async def test_the_last_seats_are_sold_too(instances: list[httpx.AsyncClient], world: World, audited: Any) -> None:
    """Sixty pairs want forty-five seats: forty-four are sold in pairs, and a seat left alone is sold to one."""
    venue = await world.event(plan=plan(seated(*(row(9, label=label, y=1 + nth) for nth, label in enumerate("ABCDE")))))
    people = [await world.person() for _ in range(60)]

    pairs = await _hold_best(instances, people, venue, 2)
    single = await _hold_best(instances, [await world.person()], venue, 1)

    assert Counter(answer.status_code for answer in pairs) == {201: 22, 409: 38}
    assert single[0].status_code == 201
    assert sorted(_held([*pairs, *single])) == list(venue.seat_ids)
    await audited()


async def test_those_who_are_offered_seats_at_the_same_time_can_all_take_them(
    instances: list[httpx.AsyncClient], world: World
) -> None:
    venue = await world.event(plan=_theatre())
    people = [await world.person() for _ in range(8)]
    question = {"event_id": venue.event_id, "quantity": 2}

    found = await asyncio.gather(*(instances[0].post("/best-available", json=question) for _ in people))
    offers = [answer.json()["offers"][0]["seat_ids"] for answer in found]
    answers = await asyncio.gather(
        *(
            instances[n % len(instances)].post("/hold-seat", json={"seat_ids": offer}, headers=person.headers)
            for n, (offer, person) in enumerate(zip(offers, people, strict=True))
        )
    )

    assert [answer.status_code for answer in answers] == [201] * len(people)


async def test_control_if_the_very_best_is_offered_to_everybody_one_of_them_gets_it(
    instances: list[httpx.AsyncClient], world: World
) -> None:
    venue = await world.event(plan=_theatre())
    people = [await world.person() for _ in range(8)]
    question = {"event_id": venue.event_id, "quantity": 2}
    very_best = (await instances[0].post("/best-available", json=question)).json()["offers"][0]["seat_ids"]

    answers = await asyncio.gather(
        *(
            instances[n % len(instances)].post("/hold-seat", json={"seat_ids": very_best}, headers=person.headers)
            for n, person in enumerate(people)
        )
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: len(people) - 1}


async def test_a_whole_table_has_one_winner_and_the_others_are_told_of_another_table(
    instances: list[httpx.AsyncClient], world: World, audited: Any
) -> None:
    some = tables(*(table(6, label=str(nth), book="whole", x=40 + 8 * nth) for nth in range(4)))
    venue = await world.event(plan=plan(some))
    people = [await world.person() for _ in range(40)]

    answers = await asyncio.gather(
        *(
            instances[n % len(instances)].post(
                "/hold-seat", json={"seat_id": venue.seat_ids[1]}, headers=person.headers
            )
            for n, person in enumerate(people)
        )
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: len(people) - 1}
    for answer in answers:
        if answer.status_code == 409:
            [other] = answer.json()["alternative"]["seat_ids"]
            assert other in venue.seat_ids
            assert other != venue.seat_ids[1]
    await audited()


def _theatre() -> dict[str, Any]:
    rows = (row(20, label=label, y=1 + nth / 2) for nth, label in enumerate("ABCDEFGHJKLM"))
    return plan(seated(*rows), focal=(10, 0))
