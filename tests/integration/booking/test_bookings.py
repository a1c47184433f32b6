"""Bookings, through the service's own door."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.world import Person, Venue, World


async def hold(booking: httpx.AsyncClient, person: Person, *seat_ids: int) -> str:
    response = await booking.post("/hold-seat", json={"seat_ids": list(seat_ids)}, headers=person.headers)
    assert response.status_code == 201, response.text
    hold_id: str = response.json()["hold_id"]
    return hold_id


async def confirm(
    booking: httpx.AsyncClient, person: Person, body: dict[str, Any], *, key: str | None = None
) -> httpx.Response:
    headers = person.headers | ({"Idempotency-Key": key} if key else {})
    return await booking.post("/confirm-booking", json=body, headers=headers)


async def buy(booking: httpx.AsyncClient, person: Person, *seat_ids: int) -> dict[str, Any]:
    hold_id = await hold(booking, person, *seat_ids)
    order: dict[str, Any] = (await confirm(booking, person, {"hold_id": hold_id})).json()
    return order


async def test_a_hold_becomes_an_order(booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person) -> None:
    hold_id = await hold(booking, ann, *venue.seat_ids[:2])

    response = await confirm(booking, ann, {"hold_id": hold_id})

    assert response.status_code == 201
    order = response.json()
    assert (order["event_id"], order["total"], order["currency"]) == (venue.event_id, 9000, "EUR")
    assert [(b["seat_id"], b["seat_number"], b["status"], b["price"]) for b in order["bookings"]] == [
        (venue.seat_ids[0], "A1", "confirmed", 4500),
        (venue.seat_ids[1], "A2", "confirmed", 4500),
    ]
    seat = await world.seat(venue.seat_ids[0])
    assert (seat["status"], seat["booking_id"], seat["hold_id"]) == ("booked", order["bookings"][0]["id"], None)
    assert [row["new_status"] for row in await world.ledger(venue.seat_ids[0])] == ["held", "booked"]


async def test_a_seat_of_the_hold_names_it_as_well(booking: httpx.AsyncClient, venue: Venue, ann: Person) -> None:
    await hold(booking, ann, *venue.seat_ids[:2])

    response = await confirm(booking, ann, {"seat_id": venue.seat_ids[1]})

    assert response.status_code == 201
    assert len(response.json()["bookings"]) == 2


async def test_confirming_again_gives_the_same_order(booking: httpx.AsyncClient, venue: Venue, ann: Person) -> None:
    hold_id = await hold(booking, ann, *venue.seat_ids[:2])

    responses = [await confirm(booking, ann, {"hold_id": hold_id}) for _ in range(2)]
    by_seat = await confirm(booking, ann, {"seat_id": venue.seat_ids[0]})

    assert [response.status_code for response in (*responses, by_seat)] == [201, 201, 201]
    assert responses[0].json() == responses[1].json() == by_seat.json()


async def test_fifty_parallel_confirms_make_one_order(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    hold_id = await hold(booking, ann, *venue.seat_ids[:3])

    responses = await asyncio.gather(
        *(confirm(booking, ann, {"hold_id": hold_id}, key=uuid4().hex if n % 2 else None) for n in range(50))
    )

    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["order_id"] for response in responses}) == 1
    assert await world.connection.fetchval("SELECT count(*) FROM bookings") == 3


async def test_a_hold_that_never_was_or_has_been_released(
    booking: httpx.AsyncClient, venue: Venue, ann: Person
) -> None:
    hold_id = await hold(booking, ann, venue.seat_ids[0])
    await booking.post("/release-hold", json={"hold_id": hold_id}, headers=ann.headers)

    released = await confirm(booking, ann, {"hold_id": hold_id})
    unknown = await confirm(booking, ann, {"hold_id": str(uuid4())})
    free_seat = await confirm(booking, ann, {"seat_id": venue.seat_ids[5]})

    assert [r.status_code for r in (released, unknown, free_seat)] == [410, 404, 404]


async def test_a_hold_taken_over_after_its_end_cannot_be_confirmed_by_its_first_holder(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    lost = await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-1)
    await hold(booking, ben, venue.seat_ids[0])

    response = await confirm(booking, ann, {"hold_id": str(lost)})

    assert response.status_code == 410
    assert (await world.seat(venue.seat_ids[0]))["held_by"] == ben.id


async def test_a_confirmed_hold_cannot_be_released(booking: httpx.AsyncClient, venue: Venue, ann: Person) -> None:
    hold_id = await hold(booking, ann, venue.seat_ids[0])
    await confirm(booking, ann, {"hold_id": hold_id})

    response = await booking.post("/release-hold", json={"hold_id": hold_id}, headers=ann.headers)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/hold-confirmed")


async def test_my_bookings_come_newest_first_page_by_page_in_one_query_each(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    bought = [booking_["id"] for n in range(5) for booking_ in (await buy(booking, ann, venue.seat_ids[n]))["bookings"]]
    await buy(booking, ben, venue.seat_ids[10])

    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await booking.get("/my-bookings", params=params, headers=ann.headers)).json()
        seen += page["items"]
        cursor = page["next_cursor"]

    assert [item["id"] for item in seen] == bought[::-1]
    assert seen[0]["event"]["name"] == "The Night Garden"
    assert seen[0]["event"]["image_url"] == f"/api/events/{venue.event_id}/artwork.svg"
    assert seen[0]["seat"] == {
        "id": venue.seat_ids[4],
        "seat_number": "A5",
        "section": "Stalls",
        "row": "A",
        "category": "standard",
    }


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=1e3", "cursor=nonsense", "cursor=%00", "cursor=MS4"])
async def test_malformed_pages_are_refused(booking: httpx.AsyncClient, ann: Person, query: str) -> None:
    response = await booking.get(f"/my-bookings?{query}", headers=ann.headers)

    assert response.status_code == 422


async def test_a_cancelled_seat_can_be_held_by_another_and_cancelling_twice_gives_the_same_answer(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    order = await buy(booking, ann, *venue.seat_ids[:2])
    first_id = order["bookings"][0]["id"]

    cancelled = await booking.post(f"/cancel-booking/{first_id}", headers=ann.headers)
    taken = await booking.post("/hold-seat", json={"seat_id": venue.seat_ids[0]}, headers=ben.headers)
    again = await booking.post(f"/cancel-booking/{first_id}", headers=ann.headers)

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert taken.status_code == 201
    assert again.content == cancelled.content
    assert (await world.seat(venue.seat_ids[0]))["held_by"] == ben.id, "a late cancel frees nobody else's seat"
    assert (await world.seat(venue.seat_ids[1]))["status"] == "booked"


async def test_fifty_parallel_cancels_free_the_seat_once(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    order = await buy(booking, ann, venue.seat_ids[0])

    responses = await asyncio.gather(
        *(booking.post(f"/cancel-booking/{order['bookings'][0]['id']}", headers=ann.headers) for _ in range(50))
    )

    assert {(response.status_code, response.content) for response in responses} == {(200, responses[0].content)}
    assert [row["new_status"] for row in await world.ledger(venue.seat_ids[0])] == ["held", "booked", "available"]


async def test_somebody_elses_booking_does_not_exist(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    order = await buy(booking, ann, venue.seat_ids[0])

    for booking_id in (order["bookings"][0]["id"], 10**12):
        response = await booking.post(f"/cancel-booking/{booking_id}", headers=ben.headers)
        assert (response.status_code, response.json()["type"]) == (404, "/problems/booking-not-found")

    assert (await world.seat(venue.seat_ids[0]))["status"] == "booked"


@pytest.mark.parametrize("booking_id", ["0", "-1", "1_0", "+1", "1.0", "9223372036854775808", "abc", "%00"])
async def test_malformed_ids_are_refused(booking: httpx.AsyncClient, ann: Person, booking_id: str) -> None:
    response = await booking.post(f"/cancel-booking/{booking_id}", headers=ann.headers)

    assert response.status_code == 422


async def test_an_answer_that_got_lost_is_settled_by_the_same_key(
    booking: httpx.AsyncClient, venue: Venue, ann: Person
) -> None:
    key = uuid4().hex
    hold_id = await hold(booking, ann, venue.seat_ids[0])
    lost = await confirm(booking, ann, {"hold_id": hold_id}, key=key)
    await booking.post(f"/cancel-booking/{lost.json()['bookings'][0]['id']}", headers=ann.headers)

    again = await confirm(booking, ann, {"hold_id": hold_id}, key=key)

    assert (again.status_code, again.content) == (201, lost.content)
