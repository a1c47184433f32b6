"""Tickets, through the service's own door."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from shared.contracts.ticket_codes import InvalidTicketCode, Ticket, TicketCodes
from tests.integration.booking.test_bookings import buy
from tests.support.apps import SECRET, environ, running
from tests.support.hostile import hostile_ids
from tests.support.world import Person, Venue, World

CODES = TicketCodes(SECRET)


async def ticket(booking: httpx.AsyncClient, person: Person, booking_id: object) -> httpx.Response:
    return await booking.get(f"/tickets/{booking_id}", headers=person.headers)


async def test_a_booking_has_a_ticket_with_a_signed_code(booking: httpx.AsyncClient, venue: Venue, ann: Person) -> None:
    order = await buy(booking, ann, *venue.seat_ids[:2])
    first, second = order["bookings"]

    answer = await ticket(booking, ann, first["id"])

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert (found["booking_id"], found["order_id"]) == (first["id"], order["order_id"])
    assert (found["seat"]["seat_number"], found["event"]["name"]) == ("A1", "The Night Garden")
    assert (found["price"], found["currency"], found["event"]["time_zone"]) == (4500, "EUR", "UTC")
    assert CODES.verify(found["code"]) == Ticket(event_id=venue.event_id, booking_id=first["id"])
    assert (await ticket(booking, ann, first["id"])).json() == found
    assert (await ticket(booking, ann, second["id"])).json()["code"] != found["code"]


async def test_nobody_else_gets_it(booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person) -> None:
    order = await buy(booking, ann, venue.seat_ids[0])

    bens = await ticket(booking, ben, order["bookings"][0]["id"])
    unknown = await ticket(booking, ben, 2**62)
    anonymous = await booking.get(f"/tickets/{order['bookings'][0]['id']}")

    assert (bens.status_code, bens.json()["type"]) == (404, "/problems/booking-not-found")
    assert {**bens.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert anonymous.status_code == 401


async def test_a_cancelled_booking_has_none_and_its_seat_gets_a_new_code(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person
) -> None:
    booking_id = (await buy(booking, ann, venue.seat_ids[0]))["bookings"][0]["id"]
    code = (await ticket(booking, ann, booking_id)).json()["code"]
    await booking.post(f"/cancel-booking/{booking_id}", headers=ann.headers)

    refused = await ticket(booking, ann, booking_id)
    resold = (await buy(booking, ben, venue.seat_ids[0]))["bookings"][0]["id"]

    assert (refused.status_code, refused.json()["type"]) == (410, "/problems/booking-cancelled")
    assert (await ticket(booking, ben, resold)).json()["code"] != code


async def test_a_ticket_is_there_when_the_event_has_begun(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person
) -> None:
    """Who comes late stands at the door with a phone that has just been switched on."""
    booking_id = (await buy(booking, ann, venue.seat_ids[0]))["bookings"][0]["id"]
    await world.connection.execute(
        "UPDATE events SET start_time = now() - $2::interval WHERE id = $1", venue.event_id, timedelta(minutes=20)
    )

    assert (await ticket(booking, ann, booking_id)).status_code == 200


async def test_hostile_ids_are_refused(booking: httpx.AsyncClient, ann: Person) -> None:
    for hostile in hostile_ids():
        answer = await ticket(booking, ann, hostile)
        assert answer.status_code in (404, 422), hostile


async def test_after_a_change_of_the_secret_the_old_code_still_stands(
    clean_database: str, redis_url: str, world: World, venue: Venue, ann: Person
) -> None:
    former = "the-secret-of-last-year-0123456789abcdef"
    settings = environ(database_url=clean_database, redis_url=redis_url, ticket_old_secrets=former)
    async with running(create_app(BookingSettings.model_validate(settings))) as booking:
        booking_id = (await buy(booking, ann, venue.seat_ids[0]))["bookings"][0]["id"]
        code = (await ticket(booking, ann, booking_id)).json()["code"]

    printed = TicketCodes(former).sign(Ticket(venue.event_id, booking_id))
    assert TicketCodes(SECRET, [former]).verify(printed) == TicketCodes(SECRET).verify(code)
    with pytest.raises(InvalidTicketCode):
        CODES.verify(printed)


def test_a_short_old_secret_stops_the_start() -> None:
    settings: dict[str, Any] = dict(environ(database_url="postgresql://x@localhost/x", redis_url="redis://localhost"))

    with pytest.raises(ValueError, match="at least 32 bytes"):
        BookingSettings.model_validate(settings | {"ticket_old_secrets": "short"})


async def test_the_bookings_of_one_order_can_be_asked_for(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person
) -> None:
    order = await buy(booking, ann, *venue.seat_ids[:3])
    await buy(booking, ann, venue.seat_ids[4])

    found = (await booking.get("/my-bookings", params={"order_id": order["order_id"]}, headers=ann.headers)).json()
    bens = (await booking.get("/my-bookings", params={"order_id": order["order_id"]}, headers=ben.headers)).json()
    malformed = await booking.get("/my-bookings", params={"order_id": "x"}, headers=ann.headers)

    assert {item["id"] for item in found["items"]} == {bought["id"] for bought in order["bookings"]}
    assert found["next_cursor"] is None
    assert bens["items"] == []
    assert malformed.status_code == 422
