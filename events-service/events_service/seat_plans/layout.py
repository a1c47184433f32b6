"""From a full room to a plan with exactly the seats asked for.

A template draws a room with every row as full as it can be (a layout); `fitted` takes outer seats away until the
number is right, then names rows, numbers seats, and marks categories, aisles and accessible places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from events_service.seat_plans.geometry import RowShape
from events_service.seat_plans.outlines import around_points, around_rows
from events_service.seat_plans.parts import (
    Book,
    Drawing,
    PlannedRow,
    PlannedSection,
    PlannedTable,
    Seat,
    Shape,
)
from events_service.seat_plans.plan import Category, Floor, PlanObject, Point, SeatFlag, SeatPlan

RESTRICTED_VIEW = "restricted"
ONE_SECTION_NUMBERING = "{row}{number}"
SECTIONS_NUMBERING = "{section}-{row}-{number}"
MAIN_FLOOR = Floor("main", "Main floor")
# I and O are left out, as in most houses: on a ticket they read as 1 and 0.
_ROW_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SEATS_PER_ACCESSIBLE_PAIR = 6
_ACCESSIBLE_PAIRS_MAX = 4
_AROUND_TABLES = 1.5


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a seat is within its section, counted from 0 at the front and at the left."""

    row: int
    rows: int
    seat: int
    seats: int

    @property
    def depth(self) -> float:
        """0 in the front row, 1 in the back row."""
        return self.row / max(1, self.rows - 1)

    @property
    def from_side(self) -> int:
        """Seats between this one and the nearer end of its row."""
        return min(self.seat, self.seats - 1 - self.seat)

    @property
    def off_centre(self) -> float:
        """0 in the middle of the row, 1 at its ends."""
        return abs(2 * self.seat - (self.seats - 1)) / max(1, self.seats - 1)


@dataclass(frozen=True, slots=True)
class LaidSection:
    """A section with every row full, rows from front to back. No floor: the first one.

    `category_of` names the category of a spot; `accessible_row` says which row has wheelchair and companion
    places at its ends (negative counts from the back, None means no such row); `odd_even` numbers seats from
    the middle aisle outwards, odd on the left and even on the right; `row_label` names the row of an index.
    """

    id: str
    name: str
    rows: tuple[RowShape, ...]
    category_of: Callable[[Spot], str]
    accessible_row: int | None = None
    odd_even: bool = False
    row_label: Callable[[int], str] | None = None
    floor: str = ""

    @property
    def weights(self) -> list[int]:
        """Places in each row."""
        return [len(row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class LaidTables:
    """Tables that are all alike, with the middle of each. Sold whole each is one place, else it has one for each
    person. `first` is the number of the first table.
    """

    id: str
    name: str
    middles: tuple[Point, ...]
    persons: int
    book: Book
    category: str
    shape: Shape = "round"
    size: tuple[float, float] = (0.55, 0.55)
    prefix: str = "T"
    first: int = 1
    floor: str = ""

    @property
    def weights(self) -> list[int]:
        """Places at each table."""
        return [1 if self.book == "whole" else self.persons] * len(self.middles)


@dataclass(frozen=True, slots=True)
class LaidStanding:
    """An area to stand in, for `capacity` people."""

    id: str
    name: str
    outline: tuple[Point, ...]
    capacity: int
    category: str
    floor: str = ""

    @property
    def weights(self) -> list[int]:
        """The whole area is one part."""
        return [self.capacity]


AnySection = LaidSection | LaidTables | LaidStanding


@dataclass(frozen=True, slots=True)
class Layout:
    """A full room around its focal point: the front of the stage, the middle of the screen or of the pitch."""

    sections: tuple[AnySection, ...]
    objects: tuple[PlanObject, ...]
    focal: Point = (0.0, 0.0)
    numbering: str = ""
    floors: tuple[Floor, ...] = (MAIN_FLOOR,)

    @property
    def capacity(self) -> int:
        """Places in the full room."""
        return sum(sum(section.weights) for section in self.sections)


def fitted(layout: Layout, capacity: int, *, name: str, categories: Sequence[Category]) -> SeatPlan:
    """The plan of this room with `capacity` places, at most `layout.capacity`. Categories and floors without a place
    go, and with a floor what is drawn on it.
    """
    counts = iter(shares(capacity, [weight for section in layout.sections for weight in section.weights]))
    first_floor = layout.floors[0].id
    sections = [
        planned
        for section in layout.sections
        if (planned := _planned(section, [next(counts) for _ in section.weights], layout, first_floor)) is not None
    ]
    floors = [floor for floor in layout.floors if any(section.floor == floor.id for section in sections)]
    objects = [replace(thing, floor=thing.floor or first_floor) for thing in layout.objects]
    used = {category for section in sections for category in _categories_in(section)}
    several = len(sections) > 1
    return Drawing(
        name=name,
        sections=sections,
        categories=[category for category in categories if category.key in used],
        floors=floors,
        objects=[thing for thing in objects if any(thing.floor == floor.id for floor in floors)],
        focal=layout.focal,
        numbering=layout.numbering or (SECTIONS_NUMBERING if several else ONE_SECTION_NUMBERING),
    ).plan()


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts, in proportion to `weights` (largest remainders). With a total of at most the sum of the
    weights no part is greater than its weight, so no row gets more seats than it has places.
    """
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def row_letters(index: int) -> str:
    """A, B, ... Z, AA, AB, ... without I and O."""
    label = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, len(_ROW_LETTERS))
        label = _ROW_LETTERS[letter] + label
    return label


def _planned(section: AnySection, counts: Sequence[int], layout: Layout, first_floor: str) -> PlannedSection | None:
    """The section with so many places in each of its parts; None when nothing is left of it."""
    floor = section.floor or first_floor
    if not any(counts):
        return None
    if isinstance(section, LaidStanding):
        return PlannedSection(
            section.id, section.name, "standing", floor, section.outline, capacity=counts[0], category=section.category
        )
    if isinstance(section, LaidTables):
        return _planned_tables(section, counts, floor)
    rows = [_kept(row, count) for row, count in zip(section.rows, counts, strict=True) if count]
    return PlannedSection(
        section.id,
        section.name,
        "seated",
        floor,
        around_rows(rows),
        rows=_dressed(section, rows, middle=layout.focal[0]),
    )


def _planned_tables(section: LaidTables, counts: Sequence[int], floor: str) -> PlannedSection:
    tables = [
        PlannedTable(
            label=f"{section.prefix}{section.first + nth}",
            shape=section.shape,
            middle=middle,
            size=section.size,
            persons=section.persons if section.book == "whole" else count,
            book=section.book,
            category=section.category,
        )
        for nth, (middle, count) in enumerate(zip(section.middles, counts, strict=True))
        if count
    ]
    outline = around_points([table.middle for table in tables], max(section.size) + _AROUND_TABLES)
    return PlannedSection(section.id, section.name, "tables", floor, outline, tables=tables)


def _categories_in(section: PlannedSection) -> Iterator[str]:
    if section.category:
        yield section.category
    for row in section.rows:
        yield from (seat.category for seat in row.seats)
    yield from (table.category for table in section.tables)


def _kept(row: RowShape, count: int) -> RowShape:
    """The row with `count` seats, the outer ones taken away on both sides."""
    surplus = len(row) - count
    return row.without(surplus // 2, math.ceil(surplus / 2))


def _dressed(section: LaidSection, rows: Sequence[RowShape], *, middle: float) -> list[PlannedRow]:
    accessible = None if section.accessible_row is None else range(len(rows))[section.accessible_row]
    label = section.row_label or row_letters
    return [
        _dressed_row(section, row, index, len(rows), label(index), index == accessible, middle)
        for index, row in enumerate(rows)
    ]


def _dressed_row(
    section: LaidSection, row: RowShape, index: int, rows: int, label: str, accessible: bool, middle: float
) -> PlannedRow:
    beside_aisle = {0, len(row) - 1} | {seat for after, _ in row.gaps() for seat in (after, after + 1)}
    pairs = _accessible_pairs(len(row)) if accessible else []
    special = {seat: flag for pair in pairs for seat, flag in zip(pair, _PAIR_FLAGS, strict=True)}
    odd = sum(x < middle for x, _ in row.points()) if section.odd_even else None
    seats = []
    for seat in range(len(row)):
        category = section.category_of(Spot(index, rows, seat, len(row)))
        flags = [special[seat]] if seat in special else []
        if seat in beside_aisle:
            flags.append(SeatFlag.AISLE)
        if category == RESTRICTED_VIEW:
            flags.append(SeatFlag.RESTRICTED_VIEW)
        seats.append(Seat(str(_number(seat, odd)), category, tuple(flags)))
    return PlannedRow(label, row, seats, pairs)


_PAIR_FLAGS = (SeatFlag.WHEELCHAIR, SeatFlag.COMPANION)


def _number(seat: int, odd: int | None) -> int:
    if odd is None:
        return seat + 1
    return 2 * (odd - seat) - 1 if seat < odd else 2 * (seat - odd + 1)


def _accessible_pairs(seats: int) -> list[tuple[int, int]]:
    """Pairs of a wheelchair place and its companion, from both ends of the row inwards, a wheelchair outermost."""
    pairs = []
    for pair in range(min(_ACCESSIBLE_PAIRS_MAX, seats // _SEATS_PER_ACCESSIBLE_PAIR)):
        nth = pair // 2 * 2
        pairs.append((nth, nth + 1) if pair % 2 == 0 else (seats - 1 - nth, seats - 2 - nth))
    return pairs
