"""The plain mode: JSON, a message for each change, for any client that somebody writes in a minute."""

from collections.abc import Iterable, Sequence

import msgspec

from booking_service.live.board import SeatBoard
from booking_service.live.messages import Resync, SeatUpdate, SeatView, Snapshot, encode
from booking_service.live.parcel import Parcel
from shared.contracts.live_messages import SeatChange, SeatStatus


class PlainMode:
    """Says what a board shows.

    Each seat is encoded when it has changed, and kept: one more snapshot costs copying. Nothing is kept before the
    first snapshot.
    """

    def __init__(self, event_id: int, board: SeatBoard) -> None:
        self._event_id = event_id
        self._board = board
        self._seats: list[msgspec.Raw] = []
        self._stale: set[int] = set()

    def note(self, places: Iterable[int]) -> None:
        """These seats have changed."""
        if self._seats:
            self._stale.update(places)

    def note_all(self) -> None:
        """All seats may have changed, and there may be others."""
        self._seats = []

    def snapshot(self, *, now: float, again: bool) -> Parcel:
        """All seats. `again`: for viewers that have missed something."""
        if not self._seats:
            self._seats, self._stale = [msgspec.Raw()] * len(self._board.words), set(range(len(self._board.words)))
        words = self._board.words
        for place in self._stale:
            self._seats[place] = self._seat(place, words.status(place))
        self._stale.clear()
        seats = self._seats
        if ended := self._board.ended(now=now):
            seats = seats.copy()
            for place in ended:
                seats[place] = self._seat(place, "available")
        snapshot = encode(Snapshot(self._event_id, seats))
        return Parcel([encode(Resync(self._event_id)), snapshot] if again else [snapshot])

    def updates(self, changes: Sequence[SeatChange]) -> Parcel:
        """These changes, a message for each."""
        first = self._board.first_seat_id
        return Parcel(
            [
                encode(
                    SeatUpdate(self._event_id, c.seat_id, self._board.number(c.seat_id - first), c.status, c.version)
                )
                for c in changes
            ]
        )

    def _seat(self, place: int, status: SeatStatus) -> msgspec.Raw:
        view = SeatView(self._board.first_seat_id + place, status, self._board.words.version(place))
        return msgspec.Raw(msgspec.json.encode(view))
