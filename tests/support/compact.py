"""Reads the binary messages of `frontrow.v1`, as docs/live-protocol.md describes them and sharing nothing with us."""

from dataclasses import dataclass

STATUSES = ("available", "held", "booked", "blocked")


@dataclass(frozen=True)
class Compact:
    """A message: a snapshot if it has a `first_seat_id`. Seats as (place, status, version)."""

    first_seat_id: int | None
    seats: list[tuple[int, str, int]]


def decode(message: bytes) -> Compact:
    """The message in words. Raises `AssertionError` for what is none."""
    kind, width, count = message[0], message[1], _number(message, 4, 4)
    assert message[2:4] == bytes(2)
    assert width in (1, 2, 4, 8)
    if kind == 1:
        first_seat_id, places, words_at = _number(message, 8, 8), list(range(count)), 16
    else:
        assert kind == 2
        first_seat_id, places, words_at = None, [_number(message, 8 + 4 * n, 4) for n in range(count)], 8 + 4 * count
    assert len(message) == words_at + width * count
    words = [_number(message, words_at + width * n, width) for n in range(count)]
    return Compact(
        first_seat_id,
        [(place, STATUSES[word % 4], word // 4) for place, word in zip(places, words, strict=True)],
    )


def _number(message: bytes, start: int, size: int) -> int:
    return int.from_bytes(message[start : start + size], "little")
