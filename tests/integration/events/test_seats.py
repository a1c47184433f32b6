"""What the seats of an event look like, put together from pieces, and how fresh they are."""

import json
from typing import Any

import httpx

from events_service.catalog.schemas import EventSeats
from tests.integration.events.conftest import Organiser
from tests.support.world import World


async def seats_of(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """The seats of a valid answer."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    EventSeats.model_validate_json(answer.content)
    seats: list[dict[str, Any]] = answer.json()["seats"]
    return seats


async def test_filters_show_a_part_of_the_whole(organiser: Organiser, world: World) -> None:
    event = await organiser.create(template="theater", event_type="theater", capacity=120)
    path = f"/events/{event['id']}/seats"
    await world.connection.execute(
        "UPDATE seats SET status = 'blocked', version = version + 1 WHERE id % 7 = 0 AND event_id = $1", event["id"]
    )

    whole = await seats_of(organiser.client, path)

    sections = {seat["section"] for seat in whole}
    assert len(sections) > 1
    for status in ("available", "held", "booked", "blocked"):
        by_status = [seat for seat in whole if seat["status"] == status]
        assert await seats_of(organiser.client, f"{path}?status={status}") == by_status
        for section in sections:
            both = [seat for seat in by_status if seat["section"] == section]
            query = httpx.QueryParams(status=status, section=section)
            assert await seats_of(organiser.client, f"{path}?{query}") == both


async def test_the_pieces_are_what_an_encoder_would_write(organiser: Organiser, world: World) -> None:
    """Quotes, commas, colons and newlines in names are not mistaken for ours."""
    event = await organiser.create(capacity=3)
    odd = '"A:1",\n\\ü'
    await world.connection.execute(
        "UPDATE seats SET section = $2, seat_number = seat_number || $2, row_label = '' WHERE event_id = $1",
        event["id"],
        odd,
    )

    for _ in range(2):
        answer = await organiser.client.get(f"/events/{event['id']}/seats")

        assert [seat["section"] for seat in answer.json()["seats"]] == [odd] * 3
        plain = json.dumps(answer.json(), separators=(",", ":"), ensure_ascii=False)
        assert answer.text == plain


async def test_an_event_in_the_place_of_another_one_shows_its_own_seats(
    client: httpx.AsyncClient, world: World
) -> None:
    """The database was emptied, or restored from a backup, under a service that goes on."""
    first = await world.event(seats=3, price=4500)
    path = f"/events/{first.event_id}/seats"
    assert [seat["price"] for seat in await seats_of(client, path)] == [4500] * 3

    await world.connection.execute("TRUNCATE events, seats RESTART IDENTITY CASCADE")
    second = await world.event(seats=3, price=100)

    assert second.event_id == first.event_id
    for _ in range(2):
        assert [seat["price"] for seat in await seats_of(client, path)] == [100] * 3
