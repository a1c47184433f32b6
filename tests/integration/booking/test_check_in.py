"""The door: who is let in, who is not and why, and what scanners without network tell later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.integration.booking.test_bookings import buy
from tests.support.apps import SECRET
from tests.support.world import Person, Venue, World

CODES = TicketCodes(SECRET)


@pytest.fixture
async def staff(world: World) -> Person:
    """Whose scanner stands at the door."""
    return await world.person(role="admin")


async def sold(booking: httpx.AsyncClient, venue: Venue, person: Person, seat: int = 0) -> tuple[int, str]:
    """A ticket that `person` has bought: (booking, code)."""
    order = await buy(booking, person, venue.seat_ids[seat])
    booking_id = order["bookings"][0]["id"]
    return booking_id, CODES.sign(Ticket(venue.event_id, booking_id))


async def scan(
    booking: httpx.AsyncClient, staff: Person, venue: Venue, code: str, *, key: str | None = None, **more: object
) -> httpx.Response:
    """POST /check-in at the gate North, if no other is given."""
    headers = staff.headers | ({"Idempotency-Key": key} if key else {})
    body = {"code": code, "event_id": venue.event_id, "gate": "North", **more}
    return await booking.post("/check-in", json=body, headers=headers)


async def door(booking: httpx.AsyncClient, staff: Person, venue: Venue) -> Any:
    """GET /check-in/{event_id}."""
    answer = await booking.get(f"/check-in/{venue.event_id}", headers=staff.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


async def listed(booking: httpx.AsyncClient, staff: Person, venue: Venue) -> Any:
    """GET /check-in/{event_id}/tickets."""
    answer = await booking.get(f"/check-in/{venue.event_id}/tickets", headers=staff.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


def kind(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def ago(minutes: float) -> str:
    """The instant so long ago, as a scanner writes it."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_a_ticket_lets_one_in_and_says_where_they_sit(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    booking_id, code = await sold(booking, venue, ann)

    answer = await scan(booking, staff, venue, code)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    assert datetime.now(UTC) - instant(told.pop("admitted_at")) < timedelta(minutes=1)
    assert told == {
        "booking_id": booking_id,
        "event_id": venue.event_id,
        "seat": {
            "id": venue.seat_ids[0],
            "seat_number": "A1",
            "section": "Stalls",
            "row": "A",
            "category": "standard",
        },
        "gate": "North",
    }
