"""Showtimes, details, seats, seat plan and generated picture of an event."""

import hashlib
import json
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx

from events_service.catalog.schemas import EventDetails, EventSeats, MovieShowtimes
from tests.integration.events.conftest import Organiser
from tests.support.hostile import hostile_ids
from tests.support.world import World


def _showtime(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_id": event["id"],
        **{name: event[name] for name in ("start_time", "time_zone", "price_from", "currency")},
    }


async def test_showtimes_are_grouped_by_theater_and_sorted(client: httpx.AsyncClient, organiser: Organiser) -> None:
    movie = {"name": "Metropolis", "event_type": "movie"}
    late = await organiser.create(**movie, venue="Rex", starts_in=timedelta(days=3), base_price=800)
    other = await organiser.create(**movie, venue="Astor", city="Hamburg", starts_in=timedelta(days=2))
    early = await organiser.create(**movie, venue="Rex", starts_in=timedelta(days=1))
    await organiser.create(name="Nosferatu", event_type="movie", venue="Rex")

    answer = await client.get("/events/movie/mETROPOLIS/showtimes")

    assert answer.status_code == 200
    found = answer.json()
    MovieShowtimes.model_validate(found)
    assert found == {
        "movie": "Metropolis",
        "theaters": [
            {
                "venue": "Astor",
                "city": "Hamburg",
                "showtimes": [_showtime(other)],
            },
            {
                "venue": "Rex",
                "city": "Berlin",
                "showtimes": [_showtime(early), _showtime(late)],
            },
        ],
    }


async def test_a_movie_is_found_by_its_url_encoded_name(client: httpx.AsyncClient, organiser: Organiser) -> None:
    for name in ("Face/Off", "100% Wolf", "Was ist los?", "Amélie #2", "M", "browse", "a b+c"):
        await organiser.create(name=name, event_type="movie")

        answer = await client.get(f"/events/movie/{quote(name, safe='')}/showtimes")

        assert answer.status_code == 200, name
        assert answer.json()["movie"] == name


async def test_a_movie_that_is_unknown_over_or_no_movie_is_404(
    client: httpx.AsyncClient, organiser: Organiser, world: World
) -> None:
    await organiser.create(name="The Night Garden", event_type="concert")
    await organiser.create(name="Zardoz", event_type="movie")
    await world.event(name="Metropolis", event_type="movie", starts_in=timedelta(days=-1))

    for name in (
        "Unknown",
        "The Night Garden",
        "Metropolis",
        "Zardo%25",
        "Zardo_",
        "%ED%A0%80",
        "%FF",
        "%27%20OR%201=1--",
    ):
        answer = await client.get(f"/events/movie/{name}/showtimes")

        assert answer.status_code == 404, name
        assert answer.json()["type"] == "/problems/not-found"


async def test_details_say_what_the_contract_names(client: httpx.AsyncClient, organiser: Organiser) -> None:
    created = await organiser.create(
        description="Bring a coat.", event_type="movie", template="cinema-small", capacity=30
    )

    details = (await client.get(f"/events/{created['id']}")).json()

    EventDetails.model_validate(details)
    assert details == created
    assert details.keys() == set(EventDetails.model_fields)
    assert details["description"] == "Bring a coat."
    assert details["seat_count"] == 30
    assert details["price_from"] == min(details["prices"].values())
    assert details["status"] == "on_sale"


async def test_seats_say_what_the_contract_names(client: httpx.AsyncClient, organiser: Organiser) -> None:
    event = await organiser.create(capacity=25)

    answer = await client.get(f"/events/{event['id']}/seats")

    found = answer.json()
    EventSeats.model_validate(found)
    assert answer.headers["cache-control"] == "no-store"
    assert found["event_id"] == event["id"]
    assert [seat["id"] for seat in found["seats"]] == list(range(event["first_seat_id"], event["first_seat_id"] + 25))
    first = found["seats"][0]
    assert list(first) == [
        "id", "seat_number", "section", "row", "x", "y", "category", "price", "currency", "status", "version",
    ]  # fmt: skip
    assert first["price"] == event["prices"][first["category"]]
    assert (first["currency"], first["status"], first["version"]) == ("EUR", "available", 0)


async def test_an_ended_hold_reads_as_available_also_to_the_filter(client: httpx.AsyncClient, world: World) -> None:
    ann = await world.person()
    venue = await world.event(seats=4)
    free, held, ended, blocked = venue.seat_ids
    await world.hold(venue, [held], ann)
    await world.hold(venue, [ended], ann, ends_in_s=-1)
    await world.connection.execute("UPDATE seats SET status = 'blocked', version = version + 1 WHERE id = $1", blocked)

    async def seats(**query: str) -> list[int]:
        answer = await client.get(f"/events/{venue.event_id}/seats", params=query)
        return [seat["id"] for seat in answer.json()["seats"]]

    everything = (await client.get(f"/events/{venue.event_id}/seats")).json()["seats"]
    assert [seat["status"] for seat in everything] == ["available", "held", "available", "blocked"]
    assert [seat["version"] for seat in everything] == [0, 1, 1, 1]
    assert await seats(status="available") == [free, ended]
    assert await seats(status="held") == [held]
    assert await seats(status="blocked") == [blocked]
    assert await seats(status="booked") == []
    assert await seats(status="available", section="Stalls") == [free, ended]
    assert await seats(section="stalls'--") == []


async def test_nobody_learns_who_holds_a_seat(client: httpx.AsyncClient, world: World) -> None:
    ann = await world.person()
    venue = await world.event(seats=1)
    hold_id = await world.hold(venue, list(venue.seat_ids), ann)

    answer = await client.get(f"/events/{venue.event_id}/seats")

    assert str(hold_id) not in answer.text


async def test_the_seat_plan_is_the_stored_document_and_is_kept_for_ever(
    client: httpx.AsyncClient, organiser: Organiser, world: World
) -> None:
    event = await organiser.create(capacity=40)
    path = f"/events/{event['id']}/seat-plan"

    answer = await client.get(path, headers={"Accept-Encoding": "identity"})

    stored = await world.connection.fetchval("SELECT document FROM seat_plans WHERE hash = $1", event["seat_plan_hash"])
    assert answer.content == stored.encode()
    assert hashlib.sha256(answer.content).hexdigest() == event["seat_plan_hash"]
    assert json.loads(answer.content)["format"] == "seatplan/1"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["etag"] == f'"{event["seat_plan_hash"]}"'
    assert "immutable" in answer.headers["cache-control"]
    for known in (answer.headers["etag"], f"W/{answer.headers['etag']}", f'"other", {answer.headers["etag"]}'):
        again = await client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"].removeprefix("W/") == answer.headers["etag"]
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_the_generated_picture_is_a_poster_that_runs_nothing(
    client: httpx.AsyncClient, organiser: Organiser
) -> None:
    event = await organiser.create(name='<script>alert(1)</script> & "friends"')
    path = event["image_url"].removeprefix("/api")

    answer = await client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert "max-age" in answer.headers["cache-control"]
    assert "<script" not in answer.text
    again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


TAILS = ("", "/seats", "/seat-plan", "/artwork.svg")


async def test_an_event_that_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    for event_id, tail in product((1, 2**63 - 1), TAILS):
        answer = await client.get(f"/events/{event_id}{tail}")

        assert answer.status_code == 404, tail
        assert answer.headers["content-type"] == "application/problem+json"


async def test_what_is_no_id_is_refused(client: httpx.AsyncClient) -> None:
    for hostile_id, tail in product(hostile_ids(), TAILS):
        answer = await client.get(f"/events/{hostile_id}{tail}")

        assert answer.status_code in (404, 422), (hostile_id, tail)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_malformed_seat_query_is_422(client: httpx.AsyncClient, world: World) -> None:
    venue = await world.event()

    for query in ("status=sold", "status=", "status=held%00", "section=", "section=%00", "section=" + "x" * 101):
        assert (await client.get(f"/events/{venue.event_id}/seats?{query}")).status_code == 422, query
