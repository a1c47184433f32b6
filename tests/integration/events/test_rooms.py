"""Looking at rooms, and events whose rooms are painted in prices of their own."""

from typing import Any

import pytest

from events_service.seat_plans import TEMPLATES, SeatPlan
from shared.contracts.seat_plan import decode
from tests.integration.events.conftest import Organiser
from tests.support.hostile import assert_refused
from tests.support.world import World

BANDS = [{"key": "vip", "name": "VIP", "tier": 1}, {"key": "rest", "name": "The rest", "tier": 4}]


@pytest.mark.parametrize("template", ["cinema-small", "club", "theater"])
async def test_a_room_can_be_looked_at_and_is_the_one_an_event_gets(organiser: Organiser, template: str) -> None:
    answer = await organiser.client.get(
        f"/seat-plan-templates/{template}", params={"capacity": 80}, headers=organiser.headers
    )

    assert answer.status_code == 200
    plan = SeatPlan.read(answer.content)
    assert plan == TEMPLATES[template].build(capacity=80)
    assert plan.content_hash in answer.headers["etag"]
    assert answer.headers["cache-control"] == "private, no-cache"
    event = await organiser.create(template=template, capacity=80)
    assert event["seat_plan_hash"] == plan.content_hash
    again = await organiser.client.get(
        f"/seat-plan-templates/{template}",
        params={"capacity": 80},
        headers=organiser.headers | {"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


async def test_a_room_has_its_own_size_unless_another_is_asked_for_and_nothing_is_stored(
    organiser: Organiser, world: World
) -> None:
    answer = await organiser.client.get("/seat-plan-templates/cabaret", headers=organiser.headers)

    assert decode(answer.content).count == TEMPLATES["cabaret"].capacity
    assert await world.connection.fetchval("SELECT count(*) FROM seat_plans") == 0


async def test_only_administrators_have_rooms_drawn(organiser: Organiser, world: World) -> None:
    ann = await world.person()

    assert (await organiser.client.get("/seat-plan-templates/club")).status_code == 401
    assert (await organiser.client.get("/seat-plan-templates/club", headers=ann.headers)).status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("palace", 404),
        ("x" * 41, 422),
        ("%00", 422),
        ("club?capacity=0", 422),
        ("club?capacity=75001", 422),
        ("club?capacity=1e3", 422),
        ("club?capacity=", 422),
        ("club?capacity=-5", 422),
    ],
)
async def test_rooms_that_there_are_not_are_refused(organiser: Organiser, address: str, status: int) -> None:
    answer = await organiser.client.get(f"/seat-plan-templates/{address}", headers=organiser.headers)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def painted(organiser: Organiser, **members: Any) -> Any:
    body = organiser.body(template="concert-hall", capacity=200, **members)
    del body["base_price"]
    answer = await organiser.client.post("/events", json=body, headers=organiser.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def sections_of(organiser: Organiser) -> list[str]:
    answer = await organiser.client.get("/seat-plan-templates/concert-hall?capacity=200", headers=organiser.headers)
    return [section["id"] for section in answer.json()["sections"]]


async def test_an_event_may_be_painted_and_its_seats_cost_what_is_painted(organiser: Organiser, world: World) -> None:
    sections = await sections_of(organiser)
    event = await painted(
        organiser,
        categories=BANDS,
        paint=[
            {"category": "rest", "sections": sections},
            {"category": "vip", "sections": ["STALLS"], "rows": ["A", "B"]},
        ],
        prices={"vip": 9900, "rest": 2500},
    )

    assert (event["prices"], event["price_from"]) == ({"vip": 9900, "rest": 2500}, 2500)
    plan = decode((await organiser.client.get(f"/events/{event['id']}/seat-plan")).content)
    assert [category.key for category in plan.categories] == ["vip", "rest"]
    rows = await world.connection.fetch(
        "SELECT section, row_label, category, price FROM seats WHERE event_id = $1", event["id"]
    )
    assert len(rows) == 200
    for row in rows:
        in_front = row["section"] == "Stalls" and row["row_label"] in ("A", "B")
        assert (row["category"], row["price"]) == (("vip", 9900) if in_front else ("rest", 2500))


async def test_painting_makes_a_plan_that_equal_events_share_and_leaves_the_rooms_own_alone(
    organiser: Organiser, world: World
) -> None:
    prices = {"gold": 9000, "silver": 6000, "bronze": 3000}
    paint = [{"category": "bronze", "sections": ["CHOIR"]}]
    plain = await organiser.create(template="concert-hall", capacity=200)

    one = await painted(organiser, paint=paint, prices=prices)
    other = await painted(organiser, paint=paint, prices=prices)

    assert one["seat_plan_hash"] == other["seat_plan_hash"] != plain["seat_plan_hash"]
    assert await world.connection.fetchval("SELECT count(*) FROM seat_plans") == 2
    again = await organiser.create(seat_plan=one["seat_plan_hash"], capacity=None, template=None)
    assert set(again["prices"]) == set(prices)


async def test_a_category_may_be_sold_as_another_one(organiser: Organiser) -> None:
    rooms_own = {"silver": 6000, "bronze": 3000, "choir": 2000}
    event = await painted(
        organiser,
        categories=[BANDS[0], *({"key": key, "name": key.title(), "tier": 3} for key in rooms_own)],
        paint=[{"category": "vip", "instead_of": ["gold"]}],
        prices={"vip": 9900, **rooms_own},
    )

    assert event["prices"] == {"vip": 9900, **rooms_own}


@pytest.mark.parametrize(
    ("members", "loc"),
    [
        ({"paint": [{"category": "throne", "sections": ["STALLS"]}]}, ["body", "paint", "0"]),
        ({"paint": [{"category": "gold", "sections": ["ROOF"]}]}, ["body", "paint", "0"]),
        ({"paint": [{"category": "gold", "sections": ["STALLS"], "rows": ["ZZ"]}]}, ["body", "paint", "0"]),
        ({"paint": []}, ["body", "paint"]),
        ({"paint": [{"category": "gold", "sections": []}]}, ["body", "paint", "0", "sections"]),
        ({"categories": BANDS}, ["body", "paint"]),
        ({"categories": [BANDS[0], BANDS[0]]}, ["body"]),
        ({"categories": [{**BANDS[0], "tier": 6}]}, ["body", "categories", "0", "tier"]),
        ({"categories": [{**BANDS[0], "name": " "}]}, ["body", "categories", "0", "name"]),
    ],
)
async def test_paint_that_does_not_fit_the_room_is_refused_with_its_place(
    organiser: Organiser, world: World, members: dict[str, Any], loc: list[object]
) -> None:
    body = organiser.body(template="concert-hall", capacity=200, **members)

    answer = await organiser.client.post("/events", json=body, headers=organiser.headers)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["loc"] == loc
    assert await world.connection.fetchval("SELECT count(*) FROM events") == 0


async def test_hostile_paint_is_refused(organiser: Organiser) -> None:
    example = organiser.body(
        template="club",
        capacity=20,
        categories=[*BANDS, {"key": "floor", "name": "Floor", "tier": 2}],
        paint=[{"category": "vip", "sections": ["FLOOR"]}],
    )

    await assert_refused(organiser.client, "POST", "/events", organiser.headers, example=example)
