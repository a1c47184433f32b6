"""Scanners without network: what they know of tickets, and what they tell later."""

from uuid import uuid4

import httpx

from tests.integration.booking.scanning import ago, door, fingerprint_of, instant, kind, listed, scan, sold
from tests.support.world import Person, Venue, World


async def test_what_a_scanner_without_network_did_is_told_later(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    at = ago(minutes=20)

    answer = await scan(booking, staff, venue, code, scanned_at=at)

    assert answer.status_code == 200
    assert instant(answer.json()["admitted_at"]) == instant(at)
    told = await door(booking, staff, venue)
    assert (told["sold"], told["admitted"], told["double_entries"]) == (1, 1, [])


async def test_two_doors_that_let_in_one_ticket_are_a_double_entry(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)
    first = (await scan(booking, staff, venue, code)).json()
    at = ago(minutes=5)

    answer = await scan(booking, staff, venue, code, gate="South", scanned_at=at)

    assert (kind(answer), answer.json()["gate"]) == ((409, "ticket-used"), "North")
    told = await door(booking, staff, venue)
    (double,) = told["double_entries"]
    assert (told["sold"], told["admitted"]) == (1, 1)
    assert double["seat"] == first["seat"]
    assert double["first"] == {"gate": "North", "admitted_at": first["admitted_at"]}
    assert (double["second"]["gate"], instant(double["second"]["scanned_at"])) == ("South", instant(at))


async def test_a_cancelled_ticket_that_was_let_in_is_a_double_entry_without_a_first(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    booking_id, code = await sold(booking, venue, ann)
    await booking.post(f"/cancel-booking/{booking_id}", headers=ann.headers)

    answer = await scan(booking, staff, venue, code, scanned_at=ago(minutes=5))

    assert kind(answer) == (410, "booking-cancelled")
    told = await door(booking, staff, venue)
    assert (told["sold"], told["admitted"]) == (0, 0)
    assert [(one["seat"]["seat_number"], one["first"]) for one in told["double_entries"]] == [("A1", None)]


async def test_an_entry_that_is_told_again_stays_one(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    """The answer was lost, and so was the key, with the page that had it."""
    _, code = await sold(booking, venue, ann)
    north, south = ago(minutes=9), ago(minutes=5)

    told = [
        [await scan(booking, staff, venue, code, gate=gate, scanned_at=at) for _ in range(2)]
        for gate, at in (("North", north), ("South", south))
    ]

    assert [[answer.status_code for answer in answers] for answers in told] == [[200, 200], [409, 409]]
    assert told[0][0].content == told[0][1].content
    assert len((await door(booking, staff, venue))["double_entries"]) == 1


async def test_an_entry_that_we_know_already_is_no_second_one(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    """The scanner gave up waiting for us when we had let the person in; it did so too, and tells us."""
    _, code = await sold(booking, venue, ann)
    first = await scan(booking, staff, venue, code, key=uuid4().hex)

    answer = await scan(booking, staff, venue, code, key=uuid4().hex, scanned_at=ago(minutes=0.05))

    assert (answer.status_code, answer.content) == (200, first.content)
    assert (await door(booking, staff, venue))["double_entries"] == []


async def test_an_online_refusal_is_no_double_entry(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)

    answers = [await scan(booking, staff, venue, code) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 409, 409]
    assert (await door(booking, staff, venue))["double_entries"] == []


async def test_a_wrong_ticket_that_was_let_in_is_refused_when_it_is_told(
    booking: httpx.AsyncClient, world: World, venue: Venue, ann: Person, staff: Person
) -> None:
    other = await world.event(seats=1)
    _, code = await sold(booking, other, ann)

    foreign = await scan(booking, staff, venue, code, scanned_at=ago(minutes=5))
    forged = await scan(booking, staff, venue, "FR1NOTHING", scanned_at=ago(minutes=5))

    assert (kind(foreign), kind(forged)) == ((409, "ticket-for-another-event"), (404, "ticket-unknown"))
    assert (await door(booking, staff, other))["double_entries"] == []


async def test_a_clock_that_is_a_little_fast_is_forgiven(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, staff: Person
) -> None:
    _, code = await sold(booking, venue, ann)

    too_fast = await scan(booking, staff, venue, code, scanned_at=ago(minutes=-2))
    a_little = await scan(booking, staff, venue, code, scanned_at=ago(minutes=-0.5))

    assert (kind(too_fast), a_little.status_code) == ((422, "invalid-request"), 200)
    assert too_fast.json()["errors"] == [{"loc": ["body", "scanned_at"], "msg": "must not be in the future"}]


async def test_a_scanner_knows_every_ticket_without_its_code(
    booking: httpx.AsyncClient, venue: Venue, ann: Person, ben: Person, staff: Person
) -> None:
    cancelled_id, cancelled = await sold(booking, venue, ann)
    await booking.post(f"/cancel-booking/{cancelled_id}", headers=ann.headers)
    _, used = await sold(booking, venue, ann)
    _, valid = await sold(booking, venue, ben, seat=1)
    admitted = (await scan(booking, staff, venue, used)).json()

    known = await listed(booking, staff, venue)

    assert known["event_id"] == venue.event_id
    assert instant(known["as_of"]) > instant(admitted["admitted_at"])
    assert {ticket["id"]: ticket for ticket in known["tickets"]} == {
        fingerprint_of(code): {
            "id": fingerprint_of(code),
            "seat_number": seat,
            "section": "Stalls",
            "row": "A",
            "state": state,
            "admitted_at": admitted["admitted_at"] if state == "used" else None,
            "gate": "North" if state == "used" else None,
        }
        for code, seat, state in ((cancelled, "A1", "cancelled"), (used, "A1", "used"), (valid, "A2", "valid"))
    }
