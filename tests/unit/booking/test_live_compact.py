"""`frontrow.v1` byte by byte: what the server encodes, what a client by the book reads, what the front end reads.

`tests/frontend/compact-messages.json` has messages and what they say; `tests/frontend/compact.test.mjs` reads it too.
"""

import json
from typing import Any

import pytest

from booking_service.live.board import SeatBoard, SeatReading
from booking_service.live.compact import CompactMode
from devstack.paths import ROOT
from tests.support.compact import decode

MESSAGES: list[dict[str, Any]] = json.loads((ROOT / "tests/frontend/compact-messages.json").read_text())["messages"]
NAMES = [message["name"] for message in MESSAGES]


@pytest.mark.parametrize("message", MESSAGES, ids=NAMES)
def test_the_server_encodes_what_is_written_down(message: dict[str, Any]) -> None:
    """Updates: the seats of the message, in an event whose other seats have never changed."""
    readings = {
        seat_id: SeatReading(seat_id, "", status, version, None) for seat_id, status, version in message["seats"]
    }
    first = message["first_seat_id"]
    block = range(first, max(readings, default=first) + 1) if readings else ()
    board = SeatBoard()
    board.replace(
        [readings.get(seat_id) or SeatReading(seat_id, "", "available", 0, None) for seat_id in block], (), now=0
    )
    compact = CompactMode(board)

    if message["type"] == "snapshot":
        parcel = compact.snapshot(now=0)
    else:
        parcel = compact.updates({seat_id - first for seat_id in readings})

    assert [bytes(encoded).hex() for encoded in parcel.messages] == [message["hex"]]  # type: ignore[arg-type]  # all are bytes


@pytest.mark.parametrize("message", MESSAGES, ids=NAMES)
def test_a_client_by_the_book_reads_what_is_written_down(message: dict[str, Any]) -> None:
    decoded = decode(bytes.fromhex(message["hex"]))

    assert (decoded.first_seat_id is not None) == (message["type"] == "snapshot")
    first = message["first_seat_id"] if decoded.first_seat_id is None else decoded.first_seat_id
    assert [[first + place, status, version] for place, status, version in decoded.seats] == message["seats"]


def test_every_example_in_the_documentation_is_one_of_these() -> None:
    text = (ROOT / "docs" / "live-protocol.md").read_text()

    for name in ("a small event, as an example", "one update"):
        message = next(message for message in MESSAGES if message["name"] == name)
        assert message["hex"] in "".join(text.split())


def test_a_snapshot_has_a_byte_for_each_seat_that_is_as_young_as_a_sale() -> None:
    """Two bits are its status, six its version: enough for 63 changes of each seat."""
    stadium = 50_000
    board = SeatBoard()
    readings = [
        SeatReading(seat_id, "", "booked" if seat_id % 3 else "held", seat_id % 64, None) for seat_id in range(stadium)
    ]
    board.replace(readings, (), now=0)

    [message] = CompactMode(board).snapshot(now=0).messages

    assert len(message) <= stadium + 16
