"""When the holds of an event end, as far as anybody has told: pure state, and asking costs nothing until one ends."""

import heapq
from collections.abc import Iterable, Set
from math import inf


class HoldEnds:
    """Ends of current holds by the place of their seat.

    Times are seconds of one monotonic clock, the caller's, and `now` never goes back.
    """

    def __init__(self, ends: Iterable[tuple[int, float]] = ()) -> None:
        self._ends: dict[int, float] = {}
        # By time; also what is forgotten since, which is recognised by the end that it gave.
        self._order: list[tuple[float, int]] = []
        self._ended: set[int] = set()
        for place, ends_at in ends:
            self.learn(place, ends_at)

    def learn(self, place: int, ends_at: float) -> None:
        """The hold of this place ends then, whatever was said before."""
        self._ended.discard(place)
        self._ends[place] = ends_at
        heapq.heappush(self._order, (ends_at, place))
        if len(self._order) > 2 * len(self._ends) + 64:
            self._order = sorted((ends_at, place) for place, ends_at in self._ends.items() if place not in self._ended)

    def forget(self, place: int) -> None:
        """There is no such hold any more."""
        if self._ends.pop(place, None) is not None:
            self._ended.discard(place)

    def ended(self, *, now: float) -> Set[int]:
        """The places whose hold has ended, and of whose seats nothing was heard since."""
        while self._order and self._order[0][0] <= now:
            ends_at, place = heapq.heappop(self._order)
            if self._ends.get(place) == ends_at:
                self._ended.add(place)
        return self._ended

    def next_end(self, *, now: float) -> float:
        """When `ended` changes by itself; infinity when no end is known."""
        self.ended(now=now)
        while self._order and self._ends.get(self._order[0][1]) != self._order[0][0]:
            heapq.heappop(self._order)
        return self._order[0][0] if self._order else inf
