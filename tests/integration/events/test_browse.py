"""GET /events/browse: which events, in which order, a page at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.integration.events.conftest import Organiser
from tests.support.world import World

ITEM_MEMBERS = {
    "id",
    "name",
    "event_type",
    "venue",
    "city",
    "start_time",
    "time_zone",
    "image_url",
    "price_from",
    "currency",
}


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/events/browse", params=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def test_an_item_has_exactly_the_members_of_the_contract(client: httpx.AsyncClient, organiser: Organiser) -> None:
    details = await organiser.create(name="The Night Garden", base_price=1250, currency="CHF")

    page = (await client.get("/events/browse")).json()

    assert page.keys() == {"items", "next_cursor"}
    (item,) = page["items"]
    assert item.keys() == ITEM_MEMBERS
    assert item == {name: details[name] for name in ITEM_MEMBERS}
    assert item["price_from"] == 1250
    assert item["currency"] == "CHF"
    assert item["start_time"].endswith("Z")
    assert item["image_url"] == f"/api/events/{item['id']}/artwork.svg"


async def test_an_empty_catalogue_is_an_empty_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/events/browse")).json() == {"items": [], "next_cursor": None}


async def test_pages_follow_each_other_by_start_time_without_gap_or_repeat(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    same_instant = datetime.now(UTC) + timedelta(days=9)
    for nth in (3, 1, 2):
        await organiser.create(name=f"day {nth}", starts_in=timedelta(days=nth))
    for nth in (1, 2, 3, 4):
        body = organiser.body(name=f"twin {nth}") | {"start_time": same_instant.isoformat()}
        await client.post("/events", json=body, headers=organiser.headers)

    pages, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/events/browse", params=query)).json()
        pages.append([item["name"] for item in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert pages == [["day 1", "day 2"], ["day 3", "twin 1"], ["twin 2", "twin 3"], ["twin 4"]]


async def test_a_page_that_is_exactly_full_is_the_last_one(client: httpx.AsyncClient, organiser: Organiser) -> None:
    await organiser.create()

    assert (await client.get("/events/browse", params={"limit": 1})).json()["next_cursor"] is None


async def test_filters_add_up(client: httpx.AsyncClient, organiser: Organiser) -> None:
    await organiser.create(name="A", event_type="movie", city="Berlin")
    await organiser.create(name="B", event_type="concert", city="Berlin")
    await organiser.create(name="C", event_type="concert", city="Hamburg")

    assert await names(client, event_type="concert") == ["B", "C"]
    assert await names(client, city="berlin") == ["A", "B"]
    assert await names(client, event_type="concert", city="BERLIN") == ["B"]
    assert await names(client, event_type="circus") == []


async def test_a_search_finds_parts_of_names_and_venues_and_takes_wildcards_as_text(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    await organiser.create(name="100% Proof", venue="Rex")
    await organiser.create(name="Under_score", venue="Rex")
    await organiser.create(name=r"Back\slash", venue="Night Club")

    assert await names(client, q="PROOF") == ["100% Proof"]
    assert await names(client, q="night") == [r"Back\slash"]
    assert await names(client, q="%") == ["100% Proof"]
    assert await names(client, q="_") == ["Under_score"]
    assert await names(client, q="\\") == [r"Back\slash"]
    assert await names(client, q="' OR 1=1 --") == []


async def test_past_events_are_shown_only_to_who_asks_for_them(client: httpx.AsyncClient, world: World) -> None:
    await world.event(name="yesterday", starts_in=timedelta(days=-1))
    await world.event(name="tomorrow", starts_in=timedelta(days=1))
    await world.event(name="next month", starts_in=timedelta(days=30))
    now = datetime.now(UTC)

    assert await names(client) == ["tomorrow", "next month"]
    assert await names(client, **{"from": (now - timedelta(days=2)).isoformat()}) == [
        "yesterday",
        "tomorrow",
        "next month",
    ]
    assert await names(client, to=(now + timedelta(days=2)).isoformat()) == ["tomorrow"]
    assert await names(client, **{"from": (now + timedelta(days=2)).isoformat()}) == ["next month"]


MALFORMED_QUERIES = [
    "limit=0", "limit=101", "limit=-1", "limit=%2B20", "limit=1_0", "limit=2.0", "limit=",
    "limit=9223372036854775808", "limit=%D9%A4", "limit=" + "9" * 5000, "limit=20%20", "limit=true",
    "cursor=", "cursor=abc", "cursor=" + "A" * 64, "cursor=" + "A" * 5000, "cursor=%00", "cursor=%C3%A9",
    "q=" + "x" * 101, "q=", "q=%00", "city=a%00b", "event_type=" + "x" * 101,
    "from=yesterday", "from=2026-12-01", "from=1764617400", "from=2026-12-01T19:30:00", "from=",
    "from=0001-01-01T00:00:00%2B23:00", "to=9999-12-31T23:59:59-23:00", "to=2026-02-30T00:00:00Z",
    "from=2026-12-01T24:00:60Z", "from=2026-12-01T10:00:00%2B99:99", "to=NaN", "to=Infinity",
]  # fmt: skip


async def test_a_malformed_query_is_422(client: httpx.AsyncClient) -> None:
    for query in MALFORMED_QUERIES:
        answer = await client.get(f"/events/browse?{query}")

        assert answer.status_code == 422, query
        assert answer.headers["content-type"] == "application/problem+json"


async def test_odd_text_is_text(client: httpx.AsyncClient) -> None:
    for query in ("q=%ED%A0%80", "q=%FF%FE", "city=%F0%9F%8E%AD", "event_type=%27", "nobody=asked"):
        assert (await client.get(f"/events/browse?{query}")).status_code == 200, query


async def test_a_cursor_that_was_tampered_with_is_422(client: httpx.AsyncClient, organiser: Organiser) -> None:
    await organiser.create()
    await organiser.create()
    cursor = (await client.get("/events/browse", params={"limit": 1})).json()["next_cursor"]
    assert (await client.get("/events/browse", params={"cursor": cursor})).status_code == 200

    for place in range(len(cursor)):
        other = "A" if cursor[place] != "A" else "B"
        broken = cursor[:place] + other + cursor[place + 1 :]
        answer = await client.get("/events/browse", params={"cursor": broken})
        assert answer.status_code == 422, broken
