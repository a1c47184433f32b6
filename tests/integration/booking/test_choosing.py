"""The best seats, found and held, through the service's own door."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.integration.booking.requests import place
from tests.support.plans import plan, row, seated, standing, table, tables
from tests.support.world import Person, Venue, World

PRICES = {"dear": 9000, "cheap": 3000}


@pytest.fixture
async def house(world: World) -> Venue:
    """Two dear rows of ten near the stage, two cheap ones behind them with wheelchair spaces, an area to stand in."""
    rows = [row(10, label=label, y=1 + n, category="dear") for n, label in enumerate("AB")]
    rows += [
        row(10, label=label, y=3 + n, category="cheap", flags={"w": [0], "c": [1]}, pairs=[[0, 1]])
        for n, label in enumerate("CD")
    ]
    of_house = plan(
        seated(*rows, id="STALLS", name="The Stalls"),
        standing(6, category="cheap"),
        categories=tuple(PRICES),
        focal=(4.5, 0),
    )
    return await world.event(plan=of_house, prices=PRICES)


async def best(booking: httpx.AsyncClient, venue: Venue, quantity: int, **wish: object) -> dict[str, Any]:
    """POST /best-available."""
    response = await booking.post("/best-available", json={"event_id": venue.event_id, "quantity": quantity, **wish})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def hold_best(
    booking: httpx.AsyncClient, person: Person, venue: Venue, quantity: int, *, key: str | None = None, **wish: Any
) -> httpx.Response:
    """POST /hold-seat, which chooses as well."""
    headers = person.headers | ({"Idempotency-Key": key} if key else {})
    body = {"event_id": venue.event_id, "quantity": quantity, **wish}
    return await booking.post("/hold-seat", json=body, headers=headers)


async def test_offers_are_answered_as_the_contract_says_to_anybody(booking: httpx.AsyncClient, house: Venue) -> None:
    body = await best(booking, house, 2)

    assert (body["event_id"], body["quantity"], body["currency"]) == (house.event_id, 2, "EUR")
    first, *others = body["offers"]
    assert 1 <= len(others) <= 2
    assert first["adjacent"]
    assert first["seat_ids"] == [seat["seat_id"] for seat in first["seats"]]
    assert first["total"] == sum(seat["price"] for seat in first["seats"])
    assert "together" in first["reasons"]
    assert first["seats"][0].keys() == {"seat_id", "seat_number", "section", "row", "category", "price"}
    assert any("cheapest" in offer["reasons"] for offer in others)
    everything = [seat_id for offer in body["offers"] for seat_id in offer["seat_ids"]]
    assert len(set(everything)) == len(everything)


async def test_what_is_said_of_an_offer_is_what_the_database_has(
    booking: httpx.AsyncClient, world: World, house: Venue
) -> None:
    body = await best(booking, house, 3, categories=["cheap"])

    for seat in (seat for offer in body["offers"] for seat in offer["seats"]):
        stored = await world.seat(seat["seat_id"])
        told = (seat["seat_number"], seat["section"], seat["row"], seat["category"], seat["price"])
        assert told == tuple(stored[name] for name in ("seat_number", "section", "row_label", "category", "price"))


async def test_an_offer_is_taken_with_its_seat_ids(booking: httpx.AsyncClient, house: Venue, ann: Person) -> None:
    [offer, *_] = (await best(booking, house, 4))["offers"]

    held = await place(booking, ann, *offer["seat_ids"])

    assert held.status_code == 201
    assert held.json()["total"] == offer["total"]


async def test_people_who_ask_one_after_the_other_are_offered_different_seats(
    booking: httpx.AsyncClient, house: Venue
) -> None:
    firsts = [tuple((await best(booking, house, 2))["offers"][0]["seat_ids"]) for _ in range(4)]

    assert len({seat_id for seat_ids in firsts for seat_id in seat_ids}) == 8


@pytest.mark.parametrize(
    ("wish", "slug", "known"),
    [
        ({"categories": ["royal"]}, "unknown-category", ["dear", "cheap"]),
        ({"sections": ["MOON"]}, "unknown-section", ["STALLS", "FLOOR"]),
    ],
)
async def test_what_the_event_does_not_have_is_refused_with_what_it_has(
    booking: httpx.AsyncClient, house: Venue, ann: Person, wish: dict[str, Any], slug: str, known: list[str]
) -> None:
    found = await booking.post("/best-available", json={"event_id": house.event_id, "quantity": 2, **wish})
    held = await hold_best(booking, ann, house, 2, **wish)

    for response in (found, held):
        assert (response.status_code, response.json()["type"]) == (422, f"/problems/{slug}")
        assert response.json()["known"] == known


@pytest.mark.parametrize("quantity", [0, -1, 11, 51, True, "2", 1.0])
async def test_so_many_cannot_be_asked_for(
    booking: httpx.AsyncClient, house: Venue, ann: Person, quantity: object
) -> None:
    body = {"event_id": house.event_id, "quantity": quantity}

    found = await booking.post("/best-available", json=body)
    held = await booking.post("/hold-seat", json=body, headers=ann.headers)

    assert (found.status_code, held.status_code) == (422, 422)


@pytest.mark.parametrize(
    "body",
    [
        {"event_id": 1},
        {"quantity": 2},
        {"event_id": 1, "quantity": 2, "seat_id": 1},
        {"event_id": 1, "quantity": 2, "seat_ids": [1]},
        {"seat_id": 1, "accessible": False},
        {"seat_ids": [1], "sections": ["A"]},
        {"event_id": 1, "quantity": 2, "categories": []},
        {"event_id": 1, "quantity": 2, "sections": [1]},
        {"event_id": 1, "quantity": 2, "accessible": 1},
    ],
)
async def test_forms_are_not_mixed(booking: httpx.AsyncClient, ann: Person, body: dict[str, object]) -> None:
    response = await booking.post("/hold-seat", json=body, headers=ann.headers)

    assert response.status_code == 422


async def test_there_is_nothing_to_choose_from_in_an_event_that_there_is_not(
    booking: httpx.AsyncClient, house: Venue, ann: Person
) -> None:
    found = await booking.post("/best-available", json={"event_id": house.event_id + 1, "quantity": 2})
    held = await booking.post("/hold-seat", json={"event_id": house.event_id + 1, "quantity": 2}, headers=ann.headers)

    assert (found.status_code, held.status_code) == (404, 404)


async def test_an_event_that_has_started_offers_nothing(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person
) -> None:
    await world.connection.execute("UPDATE events SET start_time = now() - interval '1 second'")

    found = await booking.post("/best-available", json={"event_id": house.event_id, "quantity": 2})
    held = await hold_best(booking, ann, house, 2)

    for response in (found, held):
        assert (response.status_code, response.json()["type"]) == (409, "/problems/event-not-on-sale")


async def test_one_call_chooses_and_holds(booking: httpx.AsyncClient, world: World, house: Venue, ann: Person) -> None:
    response = await hold_best(booking, ann, house, 3, categories=["dear"])

    hold = response.json()
    assert response.status_code == 201
    ids = [seat["seat_id"] for seat in hold["seats"]]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert hold["total"] == 27000
    for seat_id in ids:
        assert (await world.seat(seat_id))["held_by"] == ann.id


async def test_a_retry_of_one_call_gets_the_same_hold_and_no_second_one(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person
) -> None:
    key = uuid4().hex

    first = await hold_best(booking, ann, house, 2, key=key, categories=["dear", "cheap"])
    again = await asyncio.gather(
        *(hold_best(booking, ann, house, 2, key=key, categories=["cheap", "dear"]) for _ in range(5))
    )
    other = await hold_best(booking, ann, house, 3, key=key)

    assert first.status_code == 201
    assert {(response.status_code, response.content) for response in again} == {(201, first.content)}
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert await world.connection.fetchval("SELECT count(*) FROM seats WHERE held_by = $1", ann.id) == 2


async def test_parallel_tries_with_one_key_hold_one_block(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person
) -> None:
    key = uuid4().hex

    responses = await asyncio.gather(*(hold_best(booking, ann, house, 2, key=key) for _ in range(8)))

    assert {(response.status_code, response.content) for response in responses} == {(201, responses[0].content)}
    assert await world.connection.fetchval("SELECT count(*) FROM seats WHERE held_by = $1", ann.id) == 2


async def test_when_there_are_not_enough_a_retry_is_told_the_same(
    booking: httpx.AsyncClient, house: Venue, ann: Person, ben: Person
) -> None:
    key = uuid4().hex
    held = await hold_best(booking, ann, house, 6, sections=["FLOOR"])

    refused = await hold_best(booking, ben, house, 1, key=key, sections=["FLOOR"])
    await booking.post("/release-hold", json={"hold_id": held.json()["hold_id"]}, headers=ann.headers)
    again = await hold_best(booking, ben, house, 1, key=key, sections=["FLOOR"])

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-enough-seats")
    assert (refused.json()["quantity"], refused.json()["free"]) == (1, 0)
    assert (again.status_code, again.content) == (409, refused.content)
    assert (await hold_best(booking, ben, house, 1, sections=["FLOOR"])).status_code == 201


async def test_a_block_that_somebody_else_got_in_between_is_replaced_by_another(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person, ben: Person
) -> None:
    """Nobody has announced Ben's holds: the board believes that these seats are free, the database knows better."""
    await best(booking, house, 2)
    await world.hold(house, list(house.seat_ids[:18]), ben)

    response = await hold_best(booking, ann, house, 2, categories=["dear"])

    assert response.status_code == 201
    assert [seat["seat_id"] for seat in response.json()["seats"]] == list(house.seat_ids[18:20])


async def test_a_hold_that_has_ended_is_offered_to_others(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person
) -> None:
    await world.hold(house, list(house.seat_ids), ann, ends_in_s=-1)

    assert (await best(booking, house, 10))["offers"]


async def test_a_wheelchair_space_comes_with_its_companions_seat_and_only_for_whom_it_is(
    booking: httpx.AsyncClient, house: Venue, ann: Person
) -> None:
    spaces = {house.seat_ids[20], house.seat_ids[30]}

    accessible = (await best(booking, house, 3, accessible=True))["offers"]
    ordinary = (await best(booking, house, 3, categories=["cheap"]))["offers"]
    kept_back = {space + beside for space in spaces for beside in (0, 1)}

    for offer in accessible:
        assert "accessible" in offer["reasons"]
        [space] = spaces & set(offer["seat_ids"])
        assert offer["seat_ids"][:2] == [space, space + 1]
    assert not {seat_id for offer in ordinary for seat_id in offer["seat_ids"]} & kept_back


async def test_a_standing_area_is_sold_by_any_of_its_places_and_never_beyond_them(
    booking: httpx.AsyncClient, world: World, house: Venue
) -> None:
    people = [await world.person() for _ in range(4)]

    responses = [await hold_best(booking, person, house, 2, sections=["FLOOR"]) for person in people]

    assert [response.status_code for response in responses] == [201, 201, 201, 409]
    held = [seat["seat_id"] for response in responses[:3] for seat in response.json()["seats"]]
    assert sorted(held) == list(house.seat_ids[40:])


async def test_a_whole_table_is_one_place_with_one_price(booking: httpx.AsyncClient, world: World, ann: Person) -> None:
    some = tables(table(6, label="1", book="whole"), table(6, label="2", book="whole", x=60))
    venue = await world.event(plan=plan(some), price=24000)

    [offer, *_] = (await best(booking, venue, 1, sections=["TABLES"]))["offers"]
    held = await place(booking, ann, *offer["seat_ids"])

    assert "table" in offer["reasons"]
    assert (held.status_code, held.json()["total"]) == (201, 24000)


# What a refused buyer is told


async def test_who_lost_a_seat_is_told_of_the_nearest_one(
    booking: httpx.AsyncClient, house: Venue, ann: Person, ben: Person
) -> None:
    wanted = house.seat_ids[4]
    await place(booking, ann, wanted)

    refused = await place(booking, ben, wanted)

    alternative = refused.json()["alternative"]
    assert refused.status_code == 409
    assert alternative.keys() == {"seat_ids", "seats", "total", "adjacent"}
    assert alternative["seat_ids"][0] in {house.seat_ids[place] for place in (2, 3, 5, 6, 14)}
    assert (alternative["adjacent"], alternative["total"]) == (True, 9000)
    assert (await place(booking, ben, *alternative["seat_ids"])).status_code == 201


async def test_a_group_that_lost_one_seat_is_told_of_as_many_of_the_same_category(
    booking: httpx.AsyncClient, house: Venue, ann: Person, ben: Person
) -> None:
    await place(booking, ann, house.seat_ids[5])

    refused = await place(booking, ben, *house.seat_ids[4:8])

    alternative = refused.json()["alternative"]
    assert {seat["category"] for seat in alternative["seats"]} == {"dear"}
    assert len(alternative["seat_ids"]) == 4
    assert alternative["adjacent"]
    assert house.seat_ids[5] not in alternative["seat_ids"]


async def test_those_who_lost_the_same_seat_are_sent_to_different_ones(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person
) -> None:
    await place(booking, ann, house.seat_ids[4])
    losers = [await world.person() for _ in range(12)]

    refusals = await asyncio.gather(*(place(booking, person, house.seat_ids[4]) for person in losers))

    told = [refused.json()["alternative"]["seat_ids"][0] for refused in refusals]
    assert {refused.status_code for refused in refusals} == {409}
    assert len(set(told)) == len(told)


async def test_there_is_no_alternative_when_everything_is_gone(
    booking: httpx.AsyncClient, world: World, ann: Person, ben: Person
) -> None:
    venue = await world.event(seats=2)
    await place(booking, ann, *venue.seat_ids)

    refused = await place(booking, ben, venue.seat_ids[0])

    assert (refused.status_code, refused.json()["alternative"]) == (409, None)


async def test_without_a_plan_that_can_be_read_everything_but_choosing_works(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person, ben: Person
) -> None:
    await world.connection.execute("UPDATE seat_plans SET document = '{}'")

    held = await place(booking, ann, house.seat_ids[0])
    refused = await place(booking, ben, house.seat_ids[0])
    chosen = await hold_best(booking, ben, house, 2)

    assert held.status_code == 201
    assert (refused.status_code, refused.json()["alternative"]) == (409, None)
    assert (chosen.status_code, chosen.headers["retry-after"]) == (503, "1")


async def test_a_retry_is_told_of_the_same_alternative(
    booking: httpx.AsyncClient, house: Venue, ann: Person, ben: Person
) -> None:
    await place(booking, ann, house.seat_ids[4])

    answers = [await place(booking, ben, house.seat_ids[4], key="k") for _ in range(3)]
    others = [await place(booking, ben, *house.seat_ids[3:6], key="group") for _ in range(2)]

    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.content for answer in others} == {others[0].content}
    assert answers[0].json()["alternative"] is not None


async def test_a_refusal_costs_no_statement_besides_that_of_its_session(
    booking: httpx.AsyncClient, world: World, house: Venue, ann: Person, ben: Person
) -> None:
    await place(booking, ann, house.seat_ids[4])
    await place(booking, ben, house.seat_ids[4])
    await world.connection.execute("SELECT pg_stat_reset()")
    before = await _rows_read(world)

    refusals = [await place(booking, ben, house.seat_ids[4]) for _ in range(20)]

    assert {refused.status_code for refused in refusals} == {409}
    assert await _rows_read(world) == before


async def _rows_read(world: World) -> int:
    """From the tables that a refusal could ask."""
    read: int = await world.connection.fetchval(
        "SELECT coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0) FROM pg_stat_user_tables"
        " WHERE relname IN ('seats', 'events', 'seat_plans', 'idempotency_keys')"
    )
    return read
