"""What tests of the door send, and how they read what it answers."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx

from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.integration.booking.test_bookings import buy
from tests.support.apps import SECRET
from tests.support.world import Person, Venue

CODES = TicketCodes(SECRET)


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


def fingerprint_of(code: str) -> str:
    """What a scanner computes from what it has read."""
    return sha256(code.encode()).hexdigest()[:32]
