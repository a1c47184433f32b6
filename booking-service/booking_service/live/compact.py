"""The compact mode, `frontrow.v1`: binary messages, one for all changes of a window (docs/live-protocol.md, ADR-0022).

A snapshot is a header and the board's words as they lie in memory. So a newcomer, or a change, costs no work per seat.
"""

import struct
from collections.abc import Iterable

from booking_service.live.board import SeatBoard
from booking_service.live.parcel import Parcel
from booking_service.live.words import Words, word

SUBPROTOCOL = "frontrow.v1"

_SNAPSHOT, _UPDATES = 1, 2
_HEADER = struct.Struct("<BB2xI")
"""Kind of message, bytes per word, how many seats the message speaks of."""
_FIRST_SEAT_ID = struct.Struct("<Q")


class CompactMode:
    """Says what a board shows."""

    def __init__(self, board: SeatBoard) -> None:
        self._board = board

    def snapshot(self, *, now: float) -> Parcel:
        """All seats."""
        words = self._board.words
        if ended := self._board.ended(now=now):
            words = words.copy()
            for place in ended:
                words[place] = word("available", words.version(place))
        header = _HEADER.pack(_SNAPSHOT, words.width, len(words)) + _FIRST_SEAT_ID.pack(self._board.first_seat_id)
        return Parcel([header + words.tobytes()])

    def updates(self, places: Iterable[int]) -> Parcel:
        """The seats at these places as they are now; each place once."""
        places = sorted(places)
        words = Words(self._board.words[place] for place in places)
        header = _HEADER.pack(_UPDATES, words.width, len(words))
        return Parcel([header + struct.pack(f"<{len(places)}I", *places) + words.tobytes()])
