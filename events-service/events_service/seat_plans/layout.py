"""From a full room to a plan with exactly the seats asked for.

A template draws a room with every row as full as it can be (a layout); `fitted` takes outer seats away until the
number is right, then names rows, numbers seats, and marks categories, aisles and accessible places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from events_service.seat_plans.geometry import Block
from events_service.seat_plans.plan import Category, PlanObject, Point, Row, RowSeat, SeatFlag, SeatPlan, Section

MARGIN = 1.5
RESTRICTED_VIEW = "restricted"
# I and O are left out, as in most houses: on a ticket they read as 1 and 0.
_ROW_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SEATS_PER_ACCESSIBLE_PAIR = 6
_ACCESSIBLE_PAIRS_MAX = 4


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
    """A section with every row full, rows from front to back, each a run of blocks with aisles between.

    `category_of` names the category of a spot; `accessible_row` says which row has wheelchair and companion
    places at its ends (negative counts from the back, None means no such row); `odd_even` numbers seats from
    the middle aisle outwards, odd on the left and even on the right; `row_label` names the row of an index.
    """

    id: str
    name: str
    rows: tuple[tuple[Block, ...], ...]
    category_of: Callable[[Spot], str]
    accessible_row: int | None = None
    odd_even: bool = False
    row_label: Callable[[int], str] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A full room around its focal point: the front of the stage, the middle of the screen or of the pitch."""

    sections: tuple[LaidSection, ...]
    objects: tuple[PlanObject, ...]
    focal: Point = (0.0, 0.0)
    numbering: str = ""

    @property
    def capacity(self) -> int:
        """Seats in the full room."""
        return sum(_width(row) for section in self.sections for row in section.rows)


def fitted(layout: Layout, capacity: int, *, name: str, categories: Sequence[Category]) -> SeatPlan:
    """The plan of this room with `capacity` seats, at most `layout.capacity`; categories without a seat go."""
    counts = iter(shares(capacity, [_width(row) for section in layout.sections for row in section.rows]))
    sections = []
    for section in layout.sections:
        rows = [kept for row in section.rows if (kept := _kept(row, next(counts)))]
        if rows:
            sections.append(_dressed(section, rows, middle=layout.focal[0]))
    used = {seat.category for section in sections for row in section.rows for seat in row.seats}
    return _framed(
        name,
        tuple(category for category in categories if category.key in used),
        layout,
        tuple(sections),
    )


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


def _width(row: tuple[Block, ...]) -> int:
    return sum(len(block) for block in row)


def _kept(row: tuple[Block, ...], count: int) -> tuple[Block, ...]:
    """The row with `count` seats, the outer ones taken away on both sides."""
    surplus = _width(row) - count
    from_left, from_right = surplus // 2, math.ceil(surplus / 2)
    blocks = list(row)
    while blocks and from_left >= len(blocks[0]):
        from_left -= len(blocks.pop(0))
    while blocks and from_right >= len(blocks[-1]):
        from_right -= len(blocks.pop())
    if not blocks:
        return ()
    blocks[0] = blocks[0][from_left:]
    blocks[-1] = blocks[-1][: len(blocks[-1]) - from_right]
    return tuple(block for block in blocks if block)


def _dressed(section: LaidSection, rows: Sequence[tuple[Block, ...]], *, middle: float) -> Section:
    accessible = None if section.accessible_row is None else range(len(rows))[section.accessible_row]
    label = section.row_label or row_letters
    return Section(
        id=section.id,
        name=section.name,
        rows=tuple(
            Row(
                label=label(index),
                seats=_dressed_seats(section, row, index, len(rows), index == accessible, middle),
            )
            for index, row in enumerate(rows)
        ),
    )


def _dressed_seats(
    section: LaidSection, row: tuple[Block, ...], index: int, rows: int, accessible: bool, middle: float
) -> tuple[RowSeat, ...]:
    points = [point for block in row for point in block]
    firsts = [sum(len(block) for block in row[:nth]) for nth in range(len(row))]
    beside_aisle = {end for first, block in zip(firsts, row, strict=True) for end in (first, first + len(block) - 1)}
    places = _accessible_places(len(points)) if accessible else {}
    odd = sum(x < middle for x, _ in points) if section.odd_even else None
    seats = []
    for seat, point in enumerate(points):
        category = section.category_of(Spot(index, rows, seat, len(points)))
        flags = [places[seat]] if seat in places else []
        if seat in beside_aisle:
            flags.append(SeatFlag.AISLE)
        if category == RESTRICTED_VIEW:
            flags.append(SeatFlag.RESTRICTED_VIEW)
        seats.append(
            RowSeat(
                number=_number(seat, odd),
                x=point[0],
                y=point[1],
                category=category,
                flags=tuple(flags),
            )
        )
    return tuple(seats)


def _number(seat: int, odd: int | None) -> int:
    if odd is None:
        return seat + 1
    return 2 * (odd - seat) - 1 if seat < odd else 2 * (seat - odd + 1)


def _accessible_places(seats: int) -> dict[int, SeatFlag]:
    """Pairs of a wheelchair place and its companion, from both ends of the row inwards, a wheelchair outermost."""
    places: dict[int, SeatFlag] = {}
    for pair in range(min(_ACCESSIBLE_PAIRS_MAX, seats // _SEATS_PER_ACCESSIBLE_PAIR)):
        nth = pair // 2 * 2
        outer, inner = (nth, nth + 1) if pair % 2 == 0 else (seats - 1 - nth, seats - 2 - nth)
        places[outer], places[inner] = SeatFlag.WHEELCHAIR, SeatFlag.COMPANION
    return places


def _framed(name: str, categories: tuple[Category, ...], layout: Layout, sections: tuple[Section, ...]) -> SeatPlan:
    """The plan moved so that everything drawn lies in (0, 0) to (width, height), in hundredths of a seat."""
    seats = [(seat.x, seat.y) for section in sections for row in section.rows for seat in row.seats]
    drawn = [*seats, layout.focal, *(point for o in layout.objects for point in o.polygon)]
    left, top = min(x for x, _ in drawn) - MARGIN, min(y for _, y in drawn) - MARGIN
    right, bottom = max(x for x, _ in drawn) + MARGIN, max(y for _, y in drawn) + MARGIN

    def moved(point: Point) -> Point:
        return (round(point[0] - left, 2), round(point[1] - top, 2))

    def moved_seat(seat: RowSeat) -> RowSeat:
        x, y = moved((seat.x, seat.y))
        return RowSeat(seat.number, x, y, seat.category, seat.flags)

    return SeatPlan(
        name=name,
        width=round(right - left, 2),
        height=round(bottom - top, 2),
        focal=moved(layout.focal),
        categories=categories,
        objects=tuple(PlanObject(o.kind, o.label, tuple(map(moved, o.polygon))) for o in layout.objects),
        sections=tuple(
            Section(s.id, s.name, tuple(Row(r.label, tuple(map(moved_seat, r.seats))) for r in s.rows), s.kind)
            for s in sections
        ),
        numbering=layout.numbering,
    )
