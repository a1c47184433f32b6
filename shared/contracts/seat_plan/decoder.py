"""From the document to its places, refusing whatever is not a plan: imported documents reach this as well."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from shared.contracts.seat_plan.fields import Fields, MalformedSeatPlan, each, parsed, real, reals, text, unique, whole
from shared.contracts.seat_plan.fields import array as array_of
from shared.contracts.seat_plan.geometry import around_table, on_arc, on_line, steps_of
from shared.contracts.seat_plan.places import Category, Floor, PlacedRow, PlacedSection, Places, Run

FORMAT = "seatplan/1"
PLACES_MAX = 100_000
"""More than the largest stadium has; a bound for what a document of a few bytes may ask us to keep."""
SEAT_NUMBER_MAX_LENGTH = 32
PERSONS_MAX = 200
"""At one table."""
CATEGORIES_MAX = 100
SECTIONS_MAX = 2000

FLAGS = ("w", "c", "amb", "aisle", "rv", "hear", "sign", "plus", "leg")
"""Wheelchair space, its companion's seat, for people who walk with difficulty, on an aisle, restricted view, hearing
loop, sign language in view, wide seat, room for legs.
"""


def decode(document: bytes | str | Mapping[str, Any]) -> Places:
    """The places of a plan document.

    Raises MalformedSeatPlan for everything that is not a plan: also for a repeated or overlong seat number, an unknown
    category, and a place outside the drawing.
    """
    plan = Fields(parsed(document), "the plan", known=_PLAN_MEMBERS)
    if plan.get("format") != FORMAT:
        raise MalformedSeatPlan(f"the plan: format must be {FORMAT}")
    decoder = _Decoder(plan)
    sections = plan.array("sections", shortest=1)
    if len(sections) > SECTIONS_MAX:
        raise MalformedSeatPlan(f"the plan: sections must be at most {SECTIONS_MAX}")
    for nth, section in enumerate(sections):
        decoder.add_section(Fields(section, f"section [{nth}]", known=_SECTION_MEMBERS))
    return decoder.places()


_PLAN_MEMBERS = frozenset(
    ("format", "name", "width", "height", "focal", "numbering", "floors", "categories", "objects", "sections")
)
_SECTION_MEMBERS = frozenset(
    ("id", "name", "floor", "kind", "outline", "entrance", "rows", "tables", "capacity", "category")
)
_MEMBERS_OF_KIND = {"seated": {"rows"}, "standing": {"capacity", "category"}, "tables": {"tables"}}
_ROW_MEMBERS = frozenset(("label", "n", "geo", "category", "from", "step", "names", "cats", "flags", "pairs", "gaps"))
_TABLE_MEMBERS = frozenset(
    ("label", "shape", "x", "y", "r", "w", "h", "rot", "n", "book", "category", "flags", "pairs")
)
_GEO_MEMBERS = frozenset(("line", "arc", "pts"))
_PTS_MEMBERS = frozenset(("x", "y", "unit"))
_CATEGORY_MEMBERS = frozenset(("key", "name", "tier"))
_FLOOR_MEMBERS = frozenset(("id", "name"))
_OBJECT_MEMBERS = frozenset(("kind", "label", "floor", "polygon"))
_FOCAL_MEMBERS = frozenset(("x", "y"))
_FLAG_MEMBERS = frozenset(FLAGS)

_NUMBERING = re.compile(r"\{(section|row|number)\}")
_PER_UNIT = {0.1: 10, 0.01: 100}
"""Divided by these, hundredths come out as the nearest number there is; multiplied by 0.01 they would not."""
_DELTA_MAX = 1_000_000
_LARGEST_NUMBER = 1_000_000
_EDGE_TOLERANCE = 0.01
"""Coordinates are written in hundredths."""


@dataclass(slots=True)
class _Growing:
    """The columns of `Places` while they are filled."""

    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))
    section: array[int] = field(default_factory=lambda: array("H"))
    row: array[int] = field(default_factory=lambda: array("I"))
    category: array[int] = field(default_factory=lambda: array("B"))
    number: list[str] = field(default_factory=list)


class _Decoder:
    """Reads section after section."""

    def __init__(self, plan: Fields) -> None:
        self._name = plan.text("name")
        self._width, self._height = plan.real("width", low=0), plan.real("height", low=0)
        focal = Fields(plan.get("focal"), "the plan: focal", known=_FOCAL_MEMBERS)
        self._focal = (focal.real("x"), focal.real("y"))
        self._numbering = _numbering(plan.text("numbering"))
        self._floors = tuple(
            Floor(floor.text("id"), floor.text("name"))
            for floor in each(plan.array("floors", shortest=1), "floor", known=_FLOOR_MEMBERS)
        )
        self._floor_ids = [floor.id for floor in self._floors]
        unique(self._floor_ids, "the plan: floors")
        self._categories = tuple(
            Category(category.text("key"), category.text("name"), category.whole("tier", low=1, high=5))
            for category in each(plan.array("categories", shortest=1), "category", known=_CATEGORY_MEMBERS)
        )
        if len(self._categories) > CATEGORIES_MAX:
            raise MalformedSeatPlan(f"the plan: categories must be at most {CATEGORIES_MAX}")
        keys = [category.key for category in self._categories]
        unique(keys, "the plan: categories")
        self._category_index = {key: index for index, key in enumerate(keys)}
        for thing in each(plan.array("objects"), "object", known=_OBJECT_MEMBERS):
            thing.text("kind")
            thing.text("label", empty=True)
            thing.choice("floor", self._floor_ids)
            thing.polygon("polygon")
        self._columns = _Growing()
        self._sections: list[PlacedSection] = []
        self._rows: list[PlacedRow] = []
        self._runs: list[Run] = []
        self._persons: dict[int, int] = {}
        self._flags: dict[int, set[str]] = {}
        self._pairs: dict[int, int] = {}
        self._around_number: list[tuple[str, str]] = []
        # Equal printed numbers are one object: a house has few different ones.
        self._printed: dict[int, str] = {}

    def add_section(self, section: Fields) -> None:
        section_id = section.text("id")
        section.where = f"section {section_id!r}"
        kind: Any = section.choice("kind", tuple(_MEMBERS_OF_KIND))
        for other, members in _MEMBERS_OF_KIND.items():
            for member in members:
                if (member in section) != (other == kind):
                    raise MalformedSeatPlan(
                        f"{section.where}: {member} {'is missing' if other == kind else f'is not for {kind} sections'}"
                    )
        section.polygon("outline")
        if "entrance" in section:
            section.text("entrance")
        start, category = len(self._columns.number), None
        if kind == "seated":
            for row in each(section.array("rows", shortest=1), f"{section.where}, row", known=_ROW_MEMBERS):
                self._add_row(row, section_id)
        elif kind == "tables":
            for table in each(section.array("tables", shortest=1), f"{section.where}, table", known=_TABLE_MEMBERS):
                self._add_table(table, section_id)
        else:
            category = section.text("category")
            self._add_standing(section, section_id, category)
        self._sections.append(
            PlacedSection(
                section_id, section.text("name"), section.choice("floor", self._floor_ids), kind, start,
                len(self._columns.number), category,
            )
        )  # fmt: skip

    def places(self) -> Places:
        columns = self._columns
        unique([section.id for section in self._sections], "the plan: section ids")
        places = Places(
            name=self._name,
            width=self._width,
            height=self._height,
            focal=self._focal,
            categories=self._categories,
            floors=self._floors,
            sections=tuple(self._sections),
            rows=tuple(self._rows),
            x=columns.x,
            y=columns.y,
            section=columns.section,
            row=columns.row,
            category=columns.category,
            number=columns.number,
            persons=self._persons,
            flags=_shared_sets(self._flags),
            pairs=self._pairs,
            runs=tuple(self._runs),
            _around_number=tuple(self._around_number),
            _run_starts=array("I", (run.start for run in self._runs)),
        )
        self._refuse_outside()
        _refuse_seat_numbers(places.seat_numbers())
        return places

    def _add_row(self, row: Fields, section_id: str) -> None:
        label = row.text("label", empty=True)
        row.where = f"section {section_id!r}, row {label!r}"
        n = self._room_for(row.whole("n", low=1, high=PLACES_MAX))
        start = len(self._columns.number)
        gaps = _gaps(row, n)
        xs, ys = _row_points(row, n, gaps)
        self._append(
            label,
            section_id,
            points=(xs, ys),
            categories=self._categories_of(row, n),
            numbers=self._numbers_of(row, n),
            around=self._around(section_id, label),
        )
        first = start
        for after, _ in gaps:
            self._runs.append(Run(first, start + after + 1, cyclic=False))
            first = start + after + 1
        self._runs.append(Run(first, start + n, cyclic=False))
        self._note_flags(row, start, n)

    def _add_table(self, table: Fields, section_id: str) -> None:
        label = table.text("label")
        table.where = f"section {section_id!r}, table {label!r}"
        persons = table.whole("n", low=1, high=PERSONS_MAX)
        shape = table.choice("shape", ("round", "rect"))
        wanted = {"r"} if shape == "round" else {"w", "h"}
        if surplus := [member for member in ("r", "w", "h") if member in table and member not in wanted]:
            raise MalformedSeatPlan(f"{table.where}: {surplus[0]} is not for {shape} tables")
        x, y = table.real("x"), table.real("y")
        size = (
            (table.real("r", low=0), table.real("r", low=0))
            if shape == "round"
            else (table.real("w", low=0), table.real("h", low=0))
        )
        rot = table.real("rot") if "rot" in table else 0.0
        whole_table = table.choice("book", ("whole", "seat")) == "whole"
        start, n = len(self._columns.number), self._room_for(1 if whole_table else persons)
        if whole_table:
            self._persons[start] = persons
        self._append(
            label,
            section_id,
            points=([x], [y]) if whole_table else around_table(shape, n, x=x, y=y, size=size, rot=rot),
            categories=[self._category(table.get("category"), table.where)] * n,
            numbers=[label] if whole_table else [self._number(place + 1) for place in range(n)],
            around=(f"{section_id}-", "") if whole_table else self._around(section_id, label),
        )
        self._runs.append(Run(start, start + n, cyclic=n > 2))
        self._note_flags(table, start, n)

    def _add_standing(self, section: Fields, section_id: str, category: str) -> None:
        capacity = self._room_for(section.whole("capacity", low=1, high=PLACES_MAX))
        outline = section.array("outline")
        x = (min(x for x, _ in outline) + max(x for x, _ in outline)) / 2
        y = (min(y for _, y in outline) + max(y for _, y in outline)) / 2
        self._append(
            "",
            section_id,
            points=([x] * capacity, [y] * capacity),
            categories=[self._category(category, section.where)] * capacity,
            numbers=[self._number(place + 1) for place in range(capacity)],
            around=(f"{section_id}-", ""),
        )

    def _append(
        self,
        label: str,
        section_id: str,
        *,
        points: tuple[Sequence[float], Sequence[float]],
        categories: Sequence[int],
        numbers: Sequence[str],
        around: tuple[str, str],
    ) -> None:
        columns, n = self._columns, len(numbers)
        start = len(columns.number)
        columns.x.extend(points[0])
        columns.y.extend(points[1])
        columns.section.extend([len(self._sections)] * n)
        columns.row.extend([len(self._rows)] * n)
        columns.category.extend(categories)
        columns.number.extend(numbers)
        self._rows.append(PlacedRow(label, len(self._sections), start, start + n))
        self._around_number.append(around)

    def _room_for(self, n: int) -> int:
        """`n`, when the plan may have so many more places."""
        if len(self._columns.number) + n > PLACES_MAX:
            raise MalformedSeatPlan(f"a plan has at most {PLACES_MAX} places")
        return n

    def _category(self, key: Any, where: str) -> int:
        index = self._category_index.get(key) if isinstance(key, str) else None
        if index is None:
            raise MalformedSeatPlan(f"{where}: category {key!r:.50} is not among the plan's categories")
        return index

    def _categories_of(self, row: Fields, n: int) -> Sequence[int]:
        categories = [self._category(row.get("category"), row.where)] * n
        for stretch in row.array("cats"):
            start, length, key = _exactly(stretch, 3, f"{row.where}: cats")
            start = whole(start, f"{row.where}: cats", low=0, high=n - 1)
            length = whole(length, f"{row.where}: cats", low=1, high=n - start)
            categories[start : start + length] = [self._category(key, row.where)] * length
        return categories

    def _numbers_of(self, row: Fields, n: int) -> Sequence[str]:
        if "names" in row:
            if "from" in row or "step" in row:
                raise MalformedSeatPlan(f"{row.where}: names leave no use for from and step")
            names = row.array("names")
            if len(names) != n:
                raise MalformedSeatPlan(f"{row.where}: names must be {n}, as many as seats")
            return [text(name, f"{row.where}: names") for name in names]
        first = row.whole("from", low=-_LARGEST_NUMBER, high=_LARGEST_NUMBER, default=1)
        step = row.whole("step", low=-_LARGEST_NUMBER, high=_LARGEST_NUMBER, default=1)
        return [self._number(first + seat * step) for seat in range(n)]

    def _number(self, number: int) -> str:
        printed = self._printed.get(number)
        if printed is None:
            printed = self._printed[number] = str(number)
        return printed

    def _around(self, section_id: str, label: str) -> tuple[str, str]:
        words = {"section": section_id, "row": label}
        before, after = (
            "".join(words.get(part, part) if nth % 2 else part for nth, part in enumerate(parts))
            for parts in self._numbering
        )
        return before, after

    def _note_flags(self, row: Fields, start: int, n: int) -> None:
        flagged: dict[str, set[int]] = {}
        if "flags" in row:
            flags = Fields(row.get("flags"), f"{row.where}: flags", known=_FLAG_MEMBERS)
            for flag in FLAGS:
                for seat in flags.array(flag):
                    nth = whole(seat, f"{flags.where}: {flag}", low=0, high=n - 1)
                    flagged.setdefault(flag, set()).add(nth)
                    self._flags.setdefault(start + nth, set()).add(flag)
        for pair in row.array("pairs"):
            seats = _exactly(pair, 2, f"{row.where}: pairs")
            wheelchair, companion = (whole(seat, f"{row.where}: pairs", low=0, high=n - 1) for seat in seats)
            if wheelchair not in flagged.get("w", ()) or companion not in flagged.get("c", ()):
                raise MalformedSeatPlan(f"{row.where}: pairs must lead from a seat flagged w to one flagged c")
            ends = (start + wheelchair, start + companion)
            if ends[0] in self._pairs or ends[1] in self._pairs or ends[0] == ends[1]:
                raise MalformedSeatPlan(f"{row.where}: a seat is in two pairs")
            self._pairs[ends[0]], self._pairs[ends[1]] = ends[1], ends[0]

    def _refuse_outside(self) -> None:
        x, y, edge = self._columns.x, self._columns.y, _EDGE_TOLERANCE
        if min(x) < -edge or min(y) < -edge or max(x) > self._width + edge or max(y) > self._height + edge:
            raise MalformedSeatPlan("the plan: a place stands outside of width and height")


def _numbering(pattern: str) -> tuple[Sequence[str], Sequence[str]]:
    """The parts before and after the number, each alternating between plain text and the name of a word."""
    parts = _NUMBERING.split(pattern)
    words = parts[1::2]
    if words.count("number") != 1 or any("{" in plain or "}" in plain for plain in parts[::2]):
        raise MalformedSeatPlan("the plan: numbering must have {number} once, and may have {section} and {row}")
    middle = 2 * words.index("number") + 1
    return parts[:middle], parts[middle + 1 :]


def _gaps(row: Fields, n: int) -> list[tuple[int, float]]:
    gaps: list[tuple[int, float]] = []
    where = f"{row.where}: gaps"
    for gap in row.array("gaps"):
        after, width = _exactly(gap, 2, where)
        low = gaps[-1][0] + 1 if gaps else 0
        gaps.append((whole(after, where, low=low, high=n - 2), real(width, where, low=0)))
    return gaps


def _row_points(row: Fields, n: int, gaps: Sequence[tuple[int, float]]) -> tuple[Sequence[float], Sequence[float]]:
    geo = Fields(row.get("geo"), f"{row.where}: geo", known=_GEO_MEMBERS)
    steps = steps_of(n, gaps) if gaps else range(n)
    if "pts" in geo:
        points = Fields(geo.get("pts"), f"{geo.where}: pts", known=_PTS_MEMBERS)
        per_unit = _PER_UNIT.get(points.real("unit") if "unit" in points else 0.1)
        if per_unit is None:
            raise MalformedSeatPlan(f"{points.where}: unit must be 0.1 or 0.01")
        return _summed(points, "x", n, per_unit), _summed(points, "y", n, per_unit)
    if "line" in geo:
        return on_line(steps, *reals(geo.get("line"), f"{geo.where}: line", 4))
    if "arc" in geo:
        return on_arc(steps, *reals(geo.get("arc"), f"{geo.where}: arc", 5))
    raise MalformedSeatPlan(f"{geo.where} must have line, arc or pts")


def _summed(points: Fields, name: str, n: int, per_unit: int) -> list[float]:
    deltas = points.array(name)
    if len(deltas) != n:
        raise MalformedSeatPlan(f"{points.where}: {name} must have {n} numbers, one for each seat")
    where = f"{points.where}: {name}"
    return [
        total / per_unit
        for total in accumulate(whole(delta, where, low=-_DELTA_MAX, high=_DELTA_MAX) for delta in deltas)
    ]


def _exactly(value: Any, count: int, where: str) -> Sequence[Any]:
    elements = array_of(value, where)
    if len(elements) != count:
        raise MalformedSeatPlan(f"{where} must be arrays of {count}")
    return elements


def _shared_sets(flags: Mapping[int, set[str]]) -> Mapping[int, frozenset[str]]:
    """The same, with one object for equal sets: thousands of seats are on an aisle."""
    sets: dict[frozenset[str], frozenset[str]] = {}
    return {place: sets.setdefault(frozenset(words), frozenset(words)) for place, words in flags.items()}


def _refuse_seat_numbers(numbers: Sequence[str]) -> None:
    if len(set(numbers)) != len(numbers):
        seen: set[str] = set()
        twice = next(number for number in numbers if number in seen or seen.add(number))  # type: ignore[func-returns-value]
        raise MalformedSeatPlan(f"the plan: seat number {twice!r} is there twice")
    longest = max(numbers, key=len)
    if len(longest) > SEAT_NUMBER_MAX_LENGTH:
        raise MalformedSeatPlan(f"the plan: seat number {longest!r} is longer than {SEAT_NUMBER_MAX_LENGTH} characters")
