"""A seat's status and version as one whole number, its *word*, and the words of a whole event side by side.

In the fewest bytes that take every word (1, 2, 4 or 8), so that a snapshot is a copy of memory, not work for each seat.
"""

import sys
from array import array
from collections.abc import Iterable

from shared.contracts.live_messages import SeatStatus

STATUSES: tuple[SeatStatus, ...] = ("available", "held", "booked", "blocked")
"""By code; the code is the lowest two bits of a word, and the version all the others."""
CODES = {status: code for code, status in enumerate(STATUSES)}

# Unsigned, of 1, 2, 4 and 8 bytes. A version that needs more than 62 bits takes longer than the sun.
_TYPES = "BHIQ"


def word(status: SeatStatus, version: int) -> int:
    """Status and version in one number. Of two words of a seat the higher is the newer, unless one is a lie."""
    return version << 2 | CODES[status]


class Words:
    """The words of seats by place. A place is a seat's number in the order of ids, from 0."""

    def __init__(self, words: Iterable[int] = ()) -> None:
        self._array = _packed(list(words))

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, place: int) -> int:
        return self._array[place]

    def __setitem__(self, place: int, word: int) -> None:
        try:
            self._array[place] = word
        except OverflowError:
            self._array = _packed([*self._array[:place], word, *self._array[place + 1 :]])

    def status(self, place: int) -> SeatStatus:
        """The seat's status."""
        return STATUSES[self._array[place] & 3]

    def version(self, place: int) -> int:
        """How often the seat has changed."""
        return self._array[place] >> 2

    @property
    def width(self) -> int:
        """Bytes per word."""
        return self._array.itemsize

    def copy(self) -> "Words":
        """An independent copy, of the same width."""
        twin = Words()
        twin._array = self._array[:]
        return twin

    def tobytes(self) -> bytes:
        """All words one after the other, little-endian."""
        if sys.byteorder == "little":
            return self._array.tobytes()
        swapped = self._array[:]
        swapped.byteswap()
        return swapped.tobytes()


def _packed(words: list[int]) -> "array[int]":
    for code in _TYPES:
        try:
            return array(code, words)
        except OverflowError:
            continue
    raise OverflowError("a version is beyond what a database can count")
