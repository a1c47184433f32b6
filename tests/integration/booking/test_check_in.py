"""The door: who is let in, and who is not and why."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.integration.booking.scanning import CODES, door, fingerprint_of, instant, kind, listed, scan, sold
from tests.support.apps import environ, running
from tests.support.hostile import hostile_ids
from tests.support.world import Person, Venue, World


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


async def test_a_gate_needs_no_name_and_a_code_may_be_typed(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    typed = "-".join(code[start : start + 4] for start in range(0, len(code), 4)).lower()

    answer = await booking.post(
        "/check-in", json={"code": f" {typed} ", "event_id": venue.event_id}, headers=staff.headers
    )

    assert (answer.status_code, answer.json()["gate"]) == (200, None)


async def test_a_used_ticket_lets_nobody_else_in_and_says_when_and_where_it_was_used(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    first = (await scan(booking, staff, venue, code)).json()

    again = await scan(booking, staff, venue, code, gate="South")

    assert kind(again) == (409, "ticket-used")
    assert {name: again.json()[name] for name in ("admitted_at", "gate", "seat")} == {
        name: first[name] for name in ("admitted_at", "gate", "seat")
    }


async def test_a_ticket_for_another_event_says_for_which(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, staff: Person
) -> None:
    other = await world.event(seats=1, name="Another Evening")
    _, code = await sold(booking, other, ann)

    answer = await scan(booking, staff, venue, code)

    assert kind(answer) == (409, "ticket-for-another-event")
    event = answer.json()["event"]
    assert event.pop("start_time").endswith("Z")
    assert event == {
        "id": other.event_id,
        "name": "Another Evening",
        "venue": "Aurora Theatre",
        "city": "Berlin",
        "time_zone": "UTC",
    }
    assert (await scan(booking, staff, other, code)).status_code == 200, "there it is good"


async def test_a_cancelled_ticket_lets_nobody_in_and_whoever_has_its_seat_now_is_let_in(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person, staff: Person
) -> None:
    booking_id, code = await sold(booking, venue, ann)
    await booking.post(f"/cancel-booking/{booking_id}", headers=ann.headers)
    _, bens = await sold(booking, venue, ben)

    refused = await scan(booking, staff, venue, code)

    assert kind(refused) == (410, "booking-cancelled")
    assert refused.json()["seat"]["seat_number"] == "A1"
    assert (await scan(booking, staff, venue, bens)).status_code == 200


async def test_what_is_no_ticket_is_not_told_from_one_whose_booking_is_gone(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    booking_id, code = await sold(booking, venue, ann)
    ticket = Ticket(venue.event_id, booking_id)
    codes = {
        "forged": TicketCodes("somebody-elses-secret-0123456789abcdef").sign(ticket),
        "changed by a letter": code[:-1] + ("A" if code[-1] != "A" else "B"),
        "nonsense": "https://example.com/ticket",
        "other scripts": "\uff26\uff32\uff11",
        "no such booking": CODES.sign(Ticket(venue.event_id, 2**62)),
        "no such event": CODES.sign(Ticket(2**62, booking_id)),
        "of two bookings": CODES.sign(Ticket(venue.event_id + 1, booking_id)),
    }

    answers = {name: await scan(booking, staff, venue, wrong) for name, wrong in codes.items()}

    assert {name: kind(answer) for name, answer in answers.items()} == dict.fromkeys(codes, (404, "ticket-unknown"))
    assert len({answer.content for answer in answers.values()}) == 1
    assert (await scan(booking, staff, venue, code)).status_code == 200


async def test_a_ticket_that_was_printed_before_the_secret_changed_is_good(
    clean_database: str, redis_url: str, world: World, venue: Venue, ann: Person, staff: Person
) -> None:
    former = "the-secret-of-last-year-0123456789abcdef"
    settings = environ(database_url=clean_database, redis_url=redis_url, ticket_old_secrets=former)
    async with running(create_app(BookingSettings.model_validate(settings))) as booking:
        booking_id, code = await sold(booking, venue, ann)
        printed = TicketCodes(former).sign(Ticket(venue.event_id, booking_id))

        known = await listed(booking, staff, venue)
        admitted = await scan(booking, staff, venue, printed)
        again = await scan(booking, staff, venue, code)

    assert [ticket["id"] for ticket in known["tickets"]] == [fingerprint_of(code), fingerprint_of(printed)]
    assert admitted.status_code == 200
    assert kind(again) == (409, "ticket-used"), "both papers are one ticket"


@pytest.mark.parametrize(
    "wrong",
    [{"gate": ""}, {"gate": "  "}, {"gate": "x" * 41}, {"gate": "North\nSouth"}, {"code": ""}, {"code": "F" * 201},
     {"event_id": 0}, {"scanned_at": "yesterday"}, {"scanned_at": "2026-12-01T19:00:00"},
     {"scanned_at": "2190-01-01T00:00:00Z"}, {"scanned_at": "0001-01-01T00:00:00+23:59"}, {"admitted_by": 1}],
    ids=str,
)  # fmt: skip
async def test_what_is_malformed_is_no_scan(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person, wrong: dict[str, object]
) -> None:
    _, code = await sold(booking, venue, ann)

    refused = await scan(booking, staff, venue, **({"code": code} | wrong))  # type: ignore[arg-type]  # that is the point

    assert kind(refused) == (422, "invalid-request")
    assert (await door(booking, staff, venue))["admitted"] == 0


async def test_only_administrators_stand_at_the_door(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    body = {"code": code, "event_id": venue.event_id}
    lists = [f"/check-in/{venue.event_id}", f"/check-in/{venue.event_id}/tickets"]

    assert (await booking.post("/check-in", json=body)).status_code == 401
    assert (await booking.post("/check-in", json=body, headers=ann.headers)).status_code == 403
    for path in lists:
        assert (await booking.get(path)).status_code == 401
        assert (await booking.get(path, headers=ann.headers)).status_code == 403
        nowhere = path.replace(str(venue.event_id), "999999")
        assert kind(await booking.get(nowhere, headers=staff.headers)) == (404, "not-found")
    assert (await door(booking, staff, venue))["admitted"] == 0


async def test_a_retry_after_a_lost_answer_says_admitted_again(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    key = uuid4().hex

    first = await scan(booking, staff, venue, code, key=key)
    again = await scan(booking, staff, venue, code, key=key)

    assert (first.status_code, again.content) == (200, first.content)
    assert kind(await scan(booking, staff, venue, code)) == (409, "ticket-used"), "another intent"
    assert kind(await scan(booking, staff, venue, code, key=key, gate="South")) == (422, "idempotency-key-reused")


async def test_a_refusal_is_the_same_under_its_key_too(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    await scan(booking, staff, venue, code)
    key = uuid4().hex

    refused = await scan(booking, staff, venue, code, key=key)
    again = await scan(booking, staff, venue, code, key=key)

    assert (kind(refused), again.content) == ((409, "ticket-used"), refused.content)


async def test_a_booking_whose_ticket_was_used_is_not_cancelled_any_more(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, staff: Person
) -> None:
    booking_id, code = await sold(booking, venue, ann)
    admitted = (await scan(booking, staff, venue, code)).json()

    refused = await booking.post(f"/cancel-booking/{booking_id}", headers=ann.headers)

    assert kind(refused) == (409, "ticket-used")
    assert {name: refused.json()[name] for name in ("admitted_at", "gate", "seat")} == {
        name: admitted[name] for name in ("admitted_at", "gate", "seat")
    }
    assert (await world.seat(venue.seat_ids[0]))["status"] == "booked"
    (mine,) = (await booking.get("/my-bookings", headers=ann.headers)).json()["items"]
    assert mine["status"] == "confirmed"


async def test_an_event_that_nobody_has_a_ticket_for_has_a_door(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, staff: Person
) -> None:
    other = await world.event(seats=1)
    await sold(booking, other, ann)

    told = await door(booking, staff, venue)

    assert told.pop("start_time").endswith("Z")
    assert told == {
        "event_id": venue.event_id,
        "name": "The Night Garden",
        "time_zone": "UTC",
        "sold": 0,
        "admitted": 0,
        "double_entries": [],
    }
    assert (await listed(booking, staff, venue))["tickets"] == []


async def test_what_is_no_id_is_refused(booking: httpx.AsyncClient, staff: Person) -> None:
    for hostile in hostile_ids():
        for path in (f"/check-in/{hostile}", f"/check-in/{hostile}/tickets"):
            answer = await booking.get(path, headers=staff.headers)

            assert answer.status_code in (404, 422), path
            assert answer.headers["content-type"] == "application/problem+json", path


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("admitted_at = now()", "somebody let them in"),
        ("admitted_by = $2", "it happened at some time"),
        ("admitted_gate = 'North'", "nobody was let in there"),
        ("admitted_at = now(), admitted_by = $2, admitted_gate = ''", "a gate has a name or none"),
        ("admitted_at = now(), admitted_by = $2, admitted_gate = repeat('x', 41)", "a name is short"),
        ("admitted_at = now(), admitted_by = $2, status = 'cancelled', cancelled_at = now()", "it is cancelled"),
    ],
)
async def test_the_database_refuses_what_is_half_an_admission(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, change: str, why: str
) -> None:
    booking_id, _ = await sold(booking, venue, ann)

    with pytest.raises(asyncpg.CheckViolationError):
        await world.connection.execute(
            f"UPDATE bookings SET {change} WHERE id = $1 AND user_id = $2", booking_id, ann.id
        )

    assert await world.connection.fetchval("SELECT admitted_at FROM bookings") is None, why
