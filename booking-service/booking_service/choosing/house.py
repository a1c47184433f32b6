"""What choosing knows of a seat plan, worked out once: which places go together, and how good each one is."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, groupby
from math import hypot
from operator import attrgetter
from typing import NamedTuple

from booking_service.choosing.wishes import Wish
from shared.contracts.seat_plan import Places

OFF_CENTRE_COST = 0.5
"""A seat width to the side costs this much more than its distance alone."""
FLOOR_COST = 12.0
"""A floor up is as bad as so many seat widths farther back: each floor is drawn in the same frame."""
TIER_SHARE = 1.0
"""A tier further down the organiser's own order is as bad as so much of the way from the nearest place to the farthest.
The front row of a cinema is the nearest one, and not the best: the organiser knows, and says so by the tier."""
ROUND = 0.15
"""Where the middle of all places is this close to the focal point, compared with how far out they are, the audience
sits around it, and there is no middle to be off."""
NEAR_SHARE = 0.25
"""The nearest quarter of the places is near the stage."""
CENTRE_SHARE = 0.2
"""The middle fifth of the house is its centre."""
MASKS_REMEMBERED = 64
LINES_TOGETHER = 16
"""Rows in a neighbourhood: who looks for the nearest seats passes over the far ones at once."""

Point = tuple[float, float, float]
"""x, y, and the floor's height in seat widths."""


class Line(NamedTuple):
    """Places `start` to `end` that are neighbours, without tables that are sold whole. `box`: (left, top, right,
    bottom)."""

    start: int
    end: int
    is_cyclic: bool
    best_cost: float
    box: tuple[float, float, float, float]
    height: float


class Neighbourhood(NamedTuple):
    """Lines that follow one another on one floor, and the box around them."""

    lines: Sequence[Line]
    box: tuple[float, float, float, float]
    height: float


class Space(NamedTuple):
    """A place for a wheelchair, and the seat of whoever comes along, where the plan pairs them."""

    wheelchair: int
    companion: int | None


class House:
    """A plan, seen by somebody who chooses. Masks have one byte for each place, 1 or 0."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._heights = _heights(places)
        self._distance, self._off_centre = _distances(places, self._heights)
        a_tier = TIER_SHARE * (max(self._distance) - min(self._distance))
        below_best = _tiers_below_the_best(places)
        self._best_categories = frozenset(category for category, below in enumerate(below_best) if not below)
        tiers = [a_tier * below for below in below_best]
        self.cost = array(
            "d",
            (
                far + OFF_CENTRE_COST * off + tiers[category]
                for far, off, category in zip(self._distance, self._off_centre, places.category, strict=True)
            ),
        )
        kept_back = {place for place, flags in places.flags.items() if flags & {"w", "c"}} | set(places.pairs)
        self.spaces = tuple(
            Space(place, places.pairs.get(place)) for place, flags in sorted(places.flags.items()) if "w" in flags
        )
        self.areas = tuple(section for section in places.sections if section.kind == "standing")
        standing = {place for area in self.areas for place in range(area.start, area.end)}
        self.tables = _mask(places.count, places.persons)
        self.kept_back = _mask(places.count, kept_back - standing - set(places.persons))
        """For people in wheelchairs and who comes with them."""
        self.standing = _mask(places.count, standing)
        self.seats = _mask(places.count, (set(range(places.count)) - standing - set(places.persons) - kept_back))
        """The ordinary ones."""
        self.lines = tuple(self._lines())
        self.neighbourhoods = tuple(_neighbourhoods(self.lines))
        self._line_starts = [line.start for line in self.lines]
        self.by_quality = sorted((line.best_cost, line) for line in self.lines)
        self._cost_sums = _sums(self.cost)
        self._x_sums, self._y_sums = _sums(places.x), _sums(places.y)
        self._masks: dict[tuple[frozenset[int] | None, frozenset[int] | None], bytes] = {}

    def line_of(self, place: int) -> Line:
        """The line that a seat is in."""
        return self.lines[bisect_right(self._line_starts, place) - 1]

    def mean_cost(self, start: int, end: int) -> float:
        """Of the places `start` to `end`."""
        return (self._cost_sums[end] - self._cost_sums[start]) / (end - start)

    def middle(self, start: int, end: int) -> tuple[float, float]:
        """Of the places `start` to `end`."""
        count = end - start
        return (
            (self._x_sums[end] - self._x_sums[start]) / count,
            (self._y_sums[end] - self._y_sums[start]) / count,
        )

    def point(self, place: int) -> Point:
        """Where a place is."""
        places = self.places
        return places.x[place], places.y[place], self._heights[places.section[place]]

    def middle_of(self, places: Sequence[int]) -> Point:
        """The middle of some places."""
        xs, ys, heights = zip(*map(self.point, places), strict=True)
        return sum(xs) / len(places), sum(ys) / len(places), sum(heights) / len(places)

    def mask(self, wish: Wish) -> bytes:
        """The places that are of the categories and in the sections of the wish."""
        asked = (wish.categories, wish.sections)
        mask = self._masks.get(asked)
        if mask is None:
            if len(self._masks) >= MASKS_REMEMBERED:
                self._masks.clear()
            mask = self._masks[asked] = self._masked(*asked)
        return mask

    def within_reach(self, wish: Wish) -> bytes:
        """The places of the mask that such a wish can be for: tables that are sold whole only if it names something."""
        mask = self.mask(wish)
        if wish.is_accessible:
            return both(mask, _mask(self.places.count, (space.wheelchair for space in self.spaces)))
        if wish.names_something:
            return mask
        return both(mask, either(self.standing, either(self.seats, self.kept_back)))

    def is_near(self, places: Sequence[int]) -> bool:
        """Whether these are among the places nearest to the focal point."""
        return sum(self._distance[place] for place in places) / len(places) <= self._near

    def is_central(self, places: Sequence[int]) -> bool:
        """Whether these are in the middle of the house; nobody is where the audience sits all around."""
        if not self._widest:
            return False
        return sum(self._off_centre[place] for place in places) / len(places) <= self._widest * CENTRE_SHARE

    def are_of_best_category(self, places: Sequence[int]) -> bool:
        """Whether all of these are of the best tier, in a house that has others as well."""
        of_places = {self.places.category[place] for place in places}
        return of_places <= self._best_categories and len(self._best_categories) < len(self.places.categories)

    @cached_property
    def _near(self) -> float:
        return sorted(self._distance)[int((self.places.count - 1) * NEAR_SHARE)]

    @cached_property
    def _widest(self) -> float:
        return max(self._off_centre)

    def _lines(self) -> Iterator[Line]:
        places = self.places
        for run in places.runs:
            if run.start in places.persons:
                continue
            xs, ys = places.x[run.start : run.end], places.y[run.start : run.end]
            box = (min(xs), min(ys), max(xs), max(ys))
            height = self._heights[places.section[run.start]]
            yield Line(run.start, run.end, run.cyclic, min(self.cost[run.start : run.end]), box, height)

    def _masked(self, categories: frozenset[int] | None, sections: frozenset[int] | None) -> bytes:
        mask = bytes([1]) * self.places.count
        if categories is not None:
            # The column of categories has one byte for each place: a table of what they come to masks it.
            chosen = bytes(int(category in categories) for category in range(256))
            mask = bytes(self.places.category).translate(chosen)
        if sections is not None:
            inside = bytearray(self.places.count)
            for section in sections:
                start, end = self.places.sections[section].start, self.places.sections[section].end
                inside[start:end] = b"\1" * (end - start)
            mask = both(mask, bytes(inside))
        return mask


def both(one: bytes, other: bytes) -> bytes:
    """Where both masks have a 1. Whole numbers do that for thousands of places in a few microseconds."""
    return (int.from_bytes(one, "little") & int.from_bytes(other, "little")).to_bytes(len(one), "little")


def either(one: bytes, other: bytes) -> bytes:
    """Where one of the masks has a 1."""
    return (int.from_bytes(one, "little") | int.from_bytes(other, "little")).to_bytes(len(one), "little")


def apart(one: Point, other: Point) -> float:
    """How far two points are from each other, floors counted."""
    return hypot(one[0] - other[0], one[1] - other[1]) + abs(one[2] - other[2])


def _neighbourhoods(lines: Sequence[Line]) -> Iterator[Neighbourhood]:
    for height, on_floor in groupby(lines, key=attrgetter("height")):
        together = list(on_floor)
        for first in range(0, len(together), LINES_TOGETHER):
            some = together[first : first + LINES_TOGETHER]
            lefts, tops, rights, bottoms = zip(*(line.box for line in some), strict=True)
            yield Neighbourhood(some, (min(lefts), min(tops), max(rights), max(bottoms)), height)


def _mask(count: int, places: Iterable[int]) -> bytes:
    mask = bytearray(count)
    for place in places:
        mask[place] = 1
    return bytes(mask)


def _sums(values: Sequence[float]) -> "array[float]":
    return array("d", accumulate(values, initial=0.0))


def _tiers_below_the_best(places: Places) -> list[int]:
    """Of each category."""
    best = min(category.tier for category in places.categories)
    return [category.tier - best for category in places.categories]


def _heights(places: Places) -> list[float]:
    """Of each section."""
    floors = {floor.id: index * FLOOR_COST for index, floor in enumerate(places.floors)}
    return [floors[section.floor] for section in places.sections]


def _distances(places: Places, heights: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    """Of each place: how far it is from the focal point, and how far to the side of the line that leads from there
    through the middle of the house."""
    focal_x, focal_y = places.focal
    xs, ys = [x - focal_x for x in places.x], [y - focal_y for y in places.y]
    flat = [hypot(x, y) for x, y in zip(xs, ys, strict=True)]
    distance = [far + heights[section] for far, section in zip(flat, places.section, strict=True)]
    middle_x, middle_y = sum(xs) / places.count, sum(ys) / places.count
    to_middle = hypot(middle_x, middle_y)
    if to_middle <= ROUND * sum(flat) / places.count:
        return distance, [0.0] * places.count
    along_x, along_y = middle_x / to_middle, middle_y / to_middle
    return distance, [abs(x * along_y - y * along_x) for x, y in zip(xs, ys, strict=True)]
