"""What the ledger has said of each event's sales so far, so that no entry has to be read twice."""

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Sequence

MAX_TALLIES = 64
"""Events that are remembered, those asked about last. A stadium of 50,000 places takes 200 kB."""


class Tally:
    """How often each seat of one event was sold and not given back, by all entries of the ledger that the database
    snapshot `seen` shows; `None`: none was read. Whoever reads on takes its `turn`.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.seen: str | None = None
        self.sold = 0
        self.double_bookings = 0
        """Seats that were sold again before they were given back."""
        self._first_seat_id = 0
        self._sold_by_seat = array("i")

    def begin(self, first_seat_id: int, seat_count: int) -> None:
        """Forget everything: what is added next is the whole ledger of these seats."""
        self.seen, self.sold, self.double_bookings = None, 0, 0
        self._first_seat_id = first_seat_id
        self._sold_by_seat = array("i", bytes(seat_count * array("i").itemsize))

    def add(self, seat_ids: Sequence[int], sold: Sequence[int], *, seen: str) -> None:
        """Take over by how much each of these seats was sold more often than given back, up to the snapshot `seen`."""
        for seat_id, more in zip(seat_ids, sold, strict=True):
            place = seat_id - self._first_seat_id
            if not 0 <= place < len(self._sold_by_seat):
                continue  # an entry that names this event and a seat of another: nothing of ours writes it
            before = self._sold_by_seat[place]
            self._sold_by_seat[place] = before + more
            self.double_bookings += (before + more > 1) - (before > 1)
            self.sold += more
        self.seen = seen


class Tallies:
    """Those of the events that were asked about last. Belongs to one event loop."""

    def __init__(self) -> None:
        self._tallies: OrderedDict[int, Tally] = OrderedDict()

    def of(self, event_id: int) -> Tally:
        """The event's, as it is or new."""
        tally = self._tallies.setdefault(event_id, Tally())
        self._tallies.move_to_end(event_id)
        if len(self._tallies) > MAX_TALLIES:
            self._tallies.popitem(last=False)
        return tally

    def forget(self, event_id: int) -> None:
        """There is no such event."""
        self._tallies.pop(event_id, None)
