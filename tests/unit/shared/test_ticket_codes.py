"""Ticket codes: what is signed is what is read, and nothing else is."""

import base64
import hashlib
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.ticket_codes import MAX_CODE_CHARS, InvalidTicketCode, Ticket, TicketCodes, fingerprint

SECRET = "a-secret-for-tests-only-0123456789abcdef"
CODES = TicketCodes(SECRET)
TICKET = Ticket(event_id=42, booking_id=7001)
CODE = CODES.sign(TICKET)
IDS = st.integers(1, 2**63 - 1)


@settings(deadline=None)  # how long it takes is not asked here
@given(event_id=IDS, booking_id=IDS)
def test_a_code_says_what_was_signed(event_id: int, booking_id: int) -> None:
    ticket = Ticket(event_id, booking_id)

    assert CODES.verify(CODES.sign(ticket)) == ticket


@settings(deadline=None)  # how long it takes is not asked here
@given(event_id=IDS, booking_id=IDS)
def test_a_code_fits_the_dense_mode_of_a_qr_code_of_version_4(event_id: int, booking_id: int) -> None:
    code = CODES.sign(Ticket(event_id, booking_id))

    assert set(code) <= set(string.ascii_uppercase + string.digits)
    assert len(code) <= 61  # alphanumeric characters of version 3 at level M


def test_a_code_of_everyday_numbers_is_short() -> None:
    assert len(CODES.sign(Ticket(event_id=5_000, booking_id=1_000_000))) <= 38  # version 2 at level M


def test_every_booking_and_every_event_has_a_code_of_its_own() -> None:
    tickets = [Ticket(event_id, booking_id) for event_id in range(1, 40) for booking_id in range(100, 140)]

    assert len({CODES.sign(ticket) for ticket in tickets}) == len(tickets)


@pytest.mark.parametrize("at", range(len(CODE)))
def test_no_character_can_be_changed(at: int) -> None:
    for other in string.ascii_uppercase + string.digits:
        if other != CODE[at]:
            with pytest.raises(InvalidTicketCode):
                CODES.verify(CODE[:at] + other + CODE[at + 1 :])


def test_the_seal_of_one_booking_does_not_serve_another() -> None:
    """Somebody with a real ticket writes another booking's number into it."""
    content = bytearray(base64.b32decode(CODE[3:] + "=" * (-len(CODE[3:]) % 8)))
    content[1] ^= 1

    with pytest.raises(InvalidTicketCode):
        CODES.verify("FR1" + base64.b32encode(bytes(content)).decode().rstrip("="))


@settings(deadline=None)  # how long it takes is not asked here
@given(st.text(max_size=80) | st.text(string.ascii_uppercase + "234567", max_size=80).map(lambda text: "FR1" + text))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidTicketCode):
        CODES.verify(text)


@pytest.mark.parametrize(
    "code",
    [
        *(
            "",
            "FR1",
            CODE[:-1],
            CODE + "A",
            CODE + "=",
            CODE.replace("FR1", "FR2"),
            "FR1" + CODE,
            CODE * 2,
            "A" * 10_000,
        ),
        *(f"{CODE}\0", CODE[:-1] + "\u0131", " " * (MAX_CODE_CHARS + 1) + CODE),
    ],
)
def test_a_broken_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidTicketCode):
        CODES.verify(code)


def test_what_people_type_is_understood() -> None:
    typed = "-".join(CODE[at : at + 4] for at in range(0, len(CODE), 4)).lower()

    assert CODES.verify(f" {typed} ") == TICKET


def test_a_code_of_another_installation_is_refused() -> None:
    with pytest.raises(InvalidTicketCode):
        TicketCodes(SECRET[::-1]).verify(CODE)


def test_after_a_change_of_the_secret_old_tickets_are_good_as_long_as_the_old_secret_is_known() -> None:
    changed = TicketCodes("another-secret-0123456789-0123456789", old_secrets=[SECRET])

    assert changed.verify(CODE) == TICKET
    assert changed.sign(TICKET) != CODE
    assert changed.verify(changed.sign(TICKET)) == TICKET


def test_a_fingerprint_is_half_a_hash_of_the_code_which_any_scanner_can_compute() -> None:
    assert CODES.fingerprints(TICKET) == [hashlib.sha256(CODE.encode("ascii")).hexdigest()[:32]]
    assert fingerprint(CODE) == CODES.fingerprints(TICKET)[0]


def test_a_ticket_has_a_fingerprint_for_each_secret_that_it_may_have_been_printed_under() -> None:
    former = "the-secret-of-last-year-0123456789abcdef"

    found = TicketCodes(SECRET, [former]).fingerprints(TICKET)

    assert found == [fingerprint(CODE), fingerprint(TicketCodes(former).sign(TICKET))]
