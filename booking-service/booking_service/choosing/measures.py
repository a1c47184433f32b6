"""What is better: near the stage, central and of a good category; or near a point where somebody wanted to sit."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from math import hypot
from typing import Protocol

from booking_service.choosing.house import House, Line, Neighbourhood, Point, apart


class Measure(Protocol):
    """Gives places a cost: the less, the better."""

    def lines(self) -> Iterable[tuple[float, Line]]:
        """All lines of the house, those that may have the best places first; with what none of theirs is below."""
        ...

    def stretch(self, start: int, end: int) -> float:
        """The cost of neighbours, from `start` to `end`."""
        ...

    def some(self, places: Sequence[int]) -> float:
        """The cost of any places."""
        ...


class Quality:
    """How good places are (docs/best-available.md)."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.stretch = house.mean_cost

    def lines(self) -> Iterable[tuple[float, Line]]:
        """See `Measure`."""
        return self._house.by_quality

    def some(self, places: Sequence[int]) -> float:
        """See `Measure`."""
        cost = self._house.cost
        return sum(cost[place] for place in places) / len(places)


class Nearness:
    """How far the middle of some places is from a point."""

    def __init__(self, house: House, point: Point) -> None:
        self._house = house
        self._point = point

    def lines(self) -> Iterator[tuple[float, Line]]:
        """See `Measure`. Looks only at the lines that are near enough to be asked for."""
        waiting: list[tuple[float, int, Neighbourhood | Line]] = [
            (self._to(around), around.lines[0].start, around) for around in self._house.neighbourhoods
        ]
        heapify(waiting)
        while waiting:
            distance, _, nearest = heappop(waiting)
            if isinstance(nearest, Line):
                yield distance, nearest
            else:
                for line in nearest.lines:
                    heappush(waiting, (self._to(line), line.start, line))

    def stretch(self, start: int, end: int) -> float:
        """See `Measure`."""
        x, y = self._house.middle(start, end)
        return apart(self._point, (x, y, self._house.point(start)[2]))

    def some(self, places: Sequence[int]) -> float:
        """See `Measure`."""
        return apart(self._point, self._house.middle_of(places))

    def _to(self, area: Neighbourhood | Line) -> float:
        x, y, height = self._point
        left, top, right, bottom = area.box
        return hypot(max(left - x, 0.0, x - right), max(top - y, 0.0, y - bottom)) + abs(area.height - height)
