"""A party that cannot sit together: in as few groups as possible, near each other, nobody alone if it can be helped."""

from collections.abc import Iterator, Sequence
from heapq import nlargest, nsmallest
from typing import NamedTuple

from booking_service.choosing.house import House, Point, apart
from booking_service.choosing.measures import Measure
from booking_service.choosing.together import Found

ANCHORS = 3
"""Stretches from which a party is tried to be seated, besides the longest one: the best of these tries is taken."""
STRETCHES = 300
"""So many free stretches are looked at, in the best lines, besides the longest of all: a house where every second seat
is taken has ten thousand."""


class _Stretch(NamedTuple):
    """Free places that are neighbours, or all that are free in a standing area."""

    cost: float
    where: Point
    places: Sequence[int]


def split(house: House, pool: bytes, count: int, measure: Measure) -> list[Found]:
    """Ways to seat `count` people in as few groups as possible, best first; none when there are too few places."""
    if pool.count(1) < count:
        return []
    free = list(_free(house, pool, measure))
    longest_free = nlargest(count, free, key=len)
    groups = _fewest(longest_free, count)
    longest = [_stretch(house, measure, places) for places in longest_free]
    stretches = [*longest, *(_stretch(house, measure, places) for places in free[:STRETCHES])]
    found: dict[tuple[int, ...], float] = {}
    for anchor in (*nsmallest(ANCHORS, stretches, key=_cost), longest[0]):
        chosen = _gathered(anchor, stretches, longest, count, groups)
        if chosen:
            places = tuple(sorted(_seated(house, chosen, anchor.where, count)))
            spread = sum(apart(stretch.where, anchor.where) for stretch in chosen) / len(chosen)
            found[places] = measure.some(places) + spread
    return sorted(Found(cost, places) for places, cost in found.items())


def _free(house: House, pool: bytes, measure: Measure) -> Iterator[Sequence[int]]:
    """All free stretches, those of better lines first; standing areas at the very first."""
    for area in house.areas:
        places = [place for place in range(area.start, area.end) if pool[place]]
        if places:
            yield places
    for _, line in measure.lines():
        of_line: list[Sequence[int]] = []
        start = pool.find(1, line.start, line.end)
        while start >= 0:
            end = pool.find(0, start, line.end)
            if end < 0:
                end = line.end
            of_line.append(range(start, end))
            start = pool.find(1, end, line.end)
        if line.is_cyclic and len(of_line) > 1 and of_line[0][0] == line.start and of_line[-1][-1] == line.end - 1:
            of_line[0] = [*of_line.pop(), *of_line[0]]
        yield from of_line


def _stretch(house: House, measure: Measure, places: Sequence[int]) -> _Stretch:
    return _Stretch(measure.some(places), house.point(places[len(places) // 2]), places)


def _cost(stretch: _Stretch) -> float:
    return stretch.cost


def _length(stretch: _Stretch) -> int:
    return len(stretch.places)


def _fewest(longest: Sequence[Sequence[int]], count: int) -> int:
    """How many groups it takes: as many as the longest stretches that have room for all."""
    room = 0
    for groups, places in enumerate(longest, 1):
        room += len(places)
        if room >= count:
            return groups
    raise AssertionError("there is room for all")


def _gathered(
    anchor: _Stretch, stretches: Sequence[_Stretch], longest: Sequence[_Stretch], count: int, groups: int
) -> list[_Stretch] | None:
    """The anchor and, of what is nearest to it, just enough that so many groups have room; `None`: not from here."""
    chosen = [anchor]
    missing = count - _length(anchor)
    others = sorted(stretches, key=lambda stretch: apart(stretch.where, anchor.where)) if missing > 0 else []
    for more in range(groups - 1, 0, -1):
        if missing <= 0:
            break
        # With `more` groups to add, whoever is next must be long enough for the longest of the rest to seat all others.
        rest = [_length(stretch) for stretch in longest if stretch not in chosen][: more - 1]
        needed = max(1, missing - sum(rest))
        nearest = next((one for one in others if _length(one) >= needed and one not in chosen), None)
        if nearest is None:
            return None
        chosen.append(nearest)
        missing -= _length(nearest)
    return chosen if missing <= 0 else None


def _seated(house: House, chosen: Sequence[_Stretch], around: Point, count: int) -> Iterator[int]:
    """`count` places of the chosen stretches, groups as equal as can be, each as near to the point as it can be."""
    missing = count
    by_length = sorted(chosen, key=_length)
    for left, stretch in zip(range(len(by_length), 0, -1), by_length, strict=True):
        size = min(_length(stretch), missing // left) if left > 1 else missing
        missing -= size
        if size:
            yield from _nearest_part(house, stretch.places, size, around)


def _nearest_part(house: House, places: Sequence[int], size: int, around: Point) -> Sequence[int]:
    """`size` neighbours of a stretch, none of the others left single if that can be."""

    def cost(start: int) -> tuple[bool, float]:
        leaves_single = start == 1 or len(places) - start - size == 1
        return leaves_single, apart(house.point(places[start + size // 2]), around)

    start = min(range(len(places) - size + 1), key=cost)
    return places[start : start + size]
