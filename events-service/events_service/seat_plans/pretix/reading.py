"""From pretix' seating plan to ours: one section for each zone, one row for each row."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, dist, radians, sin
from statistics import fmean, median
from typing import Any

from events_service.seat_plans.geometry import Line, Points, RowShape, rectangle
from events_service.seat_plans.layout import MAIN_FLOOR
from events_service.seat_plans.outlines import hull
from events_service.seat_plans.parts import Drawing, PlannedRow, PlannedSection, Seat
from events_service.seat_plans.plan import Category, MalformedSeatPlan, PlanObject, Point, SeatPlan
from shared.contracts.seat_plan import PLACES_MAX
from shared.contracts.seat_plan.fields import array, real
from shared.contracts.seat_plan.fields import text as _text

_AISLE_FROM = 1.6
"""Two seats of a row that are further apart than so many seat widths have an aisle between them."""
_EVEN = 0.1
"""So much may the way between two neighbours differ from the usual one in a row that counts as a straight one."""
_OFF_LINE = 0.05
_SECTION_ID_LENGTH = 12
_TIERS = 5
_STAGE_WORDS = {"stage": "stage", "bühne": "stage", "scène": "stage", "screen": "screen", "leinwand": "screen"}
_AREA_MARGIN = 3.0
_PIXELS_MAX = 1_000_000

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """Our plan, and a sentence for each thing that was left behind or guessed."""

    plan: SeatPlan
    left_behind: Sequence[str]


def plan_from_pretix(seating_plan: Any) -> Imported:
    """The plan that pretix' seating plan describes; `seating_plan` is its JSON, decoded.

    Raises MalformedSeatPlan.
    """
    return _Reader(_object(seating_plan, "the seating plan")).imported()


@dataclass(slots=True)
class _ReadRow:
    label: str
    points: list[Point] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, source: Members) -> None:
        self._source = source
        self._notes: list[str] = []
        names = [_text(_object(c, "category").get("name"), "category: name") for c in _array(source, "categories")]
        if len(set(names)) != len(names):
            raise MalformedSeatPlan("two categories have the same name")
        self._keys = dict(zip(names, _distinct([_slug(name, 40).lower() for name in names]), strict=True))
        self._guids: Counter[str] = Counter()
        self._count = 0

    def imported(self) -> Imported:
        zones = [_object(zone, "zone") for zone in _array(self._source, "zones")]
        read = [self._rows_of(zone) for zone in zones]
        rows = [row for zone_rows in read for row in zone_rows]
        if not rows:
            raise MalformedSeatPlan("the seating plan has no seats")
        if repeated := [guid for guid, often in self._guids.items() if often > 1]:
            raise MalformedSeatPlan(f"seat_guid {repeated[0]!r:.60} is there twice")
        width = _seat_width(rows)
        names = [_text(zone.get("name") or f"Zone {nth}", "zone: name") for nth, zone in enumerate(zones, start=1)]
        ids = _distinct([_slug(name, _SECTION_ID_LENGTH) for name in names])
        sections = [
            _section(section_id, name, zone_rows, width)
            for section_id, name, zone_rows in zip(ids, names, read, strict=True)
            if zone_rows
        ]
        objects = [thing for zone in zones for thing in self._objects_of(zone, width)]
        drawing = Drawing(
            name=_text(self._source.get("name"), "the seating plan: name"),
            sections=sections,
            categories=self._categories(rows),
            floors=[MAIN_FLOOR],
            objects=objects,
            focal=_focal(objects, sections),
            numbering="{section}-{row}-{number}" if len(sections) > 1 else "{row}-{number}",
        )
        return Imported(drawing.plan(), (*self._notes, *self._always()))

    def _rows_of(self, zone: Members) -> list[_ReadRow]:
        origin = _position(zone, "zone")
        rows = []
        for row in (_object(row, "row") for row in _array(zone, "rows")):
            read = _ReadRow(_text(row.get("row_number"), "row: row_number", empty=True))
            start = _sum(origin, _position(row, f"row {read.label!r}", missing=True))
            for seat in (_object(seat, "seat") for seat in _array(row, "seats")):
                where = f"row {read.label!r}, seat"
                self._guids[_text(seat.get("seat_guid"), f"{where}: seat_guid")] += 1
                category = _text(seat.get("category"), f"{where}: category")
                if category not in self._keys:
                    raise MalformedSeatPlan(f"{where}: category {category!r:.60} is not among the categories")
                read.points.append(_sum(start, _position(seat, where)))
                read.numbers.append(_text(seat.get("seat_number"), f"{where}: seat_number"))
                read.categories.append(self._keys[category])
            self._count += len(read.points)
            if self._count > PLACES_MAX:
                raise MalformedSeatPlan(f"a plan has at most {PLACES_MAX} places")
            if read.points:
                rows.append(read)
        return _told_apart(rows)

    def _categories(self, rows: Sequence[_ReadRow]) -> list[Category]:
        used = {category for row in rows for category in row.categories}
        kept = [(name, key) for name, key in self._keys.items() if key in used]
        if unused := [name for name, key in self._keys.items() if key not in used]:
            self._notes.append(f"Categories without seats: {', '.join(unused)}.")
        return [Category(key, name, 1 + nth * _TIERS // max(len(kept), _TIERS)) for nth, (name, key) in enumerate(kept)]

    def _objects_of(self, zone: Members, width: float) -> Iterator[PlanObject]:
        origin = _position(zone, "zone")
        for area in (_object(area, "area") for area in _array(zone, "areas")):
            label = _area_text(area)
            polygon = _area_polygon(area, _sum(origin, _position(area, "area")))
            if polygon is None:
                self._notes.append(f"The area {label!r}: its shape is none that is known.")
                continue
            kind = next((kind for word, kind in _STAGE_WORDS.items() if word in label.lower()), "text")
            yield PlanObject(kind, label, tuple((x / width, y / width) for x, y in polygon))

    def _always(self) -> Iterator[str]:
        yield "Tiers are guessed from the order of the categories: the first is the dearest."
        yield f"Neighbours are guessed: between seats of a row {_AISLE_FROM} seat widths apart or more lies an aisle."
        yield "seat_guid: places are known by section, row and number. Colours: ours follow the tiers."
        yield "Areas are drawn; places to stand and tables have to be added by hand, pretix does not say them."


def _section(section_id: str, name: str, rows: Sequence[_ReadRow], width: float) -> PlannedSection:
    planned = [
        PlannedRow(
            row.label,
            _shape([(x / width, y / width) for x, y in row.points]),
            [Seat(number, category) for number, category in zip(row.numbers, row.categories, strict=True)],
        )
        for row in rows
    ]
    points = [point for row in planned for point in row.points()]
    # Nobody says that the rows go from front to back, which a closer shape would need.
    return PlannedSection(section_id, name, "seated", MAIN_FLOOR.id, hull(points), rows=planned)


def _shape(points: Sequence[Point]) -> RowShape:
    """A line where the seats are on one, evenly apart but for aisles; the points themselves otherwise."""
    ways = [dist(*pair) for pair in pairwise(points)]
    regular = [way for way in ways if way < _AISLE_FROM]
    pitch = (fmean(regular) if regular else 0.0) or 1.0
    steps = [0.0]
    for way in ways:
        aisle = way >= _AISLE_FROM
        # pts keep their positions whatever the steps say; those only tell neighbours from who is across an aisle.
        steps.append(steps[-1] + (max(way / pitch, _AISLE_FROM) if aisle else 1.0))
    if len(points) > 1 and all(abs(way - pitch) <= _EVEN * pitch for way in regular):
        length = dist(points[0], points[-1])
        dx, dy = ((end - start) / steps[-1] for start, end in zip(points[0], points[-1], strict=True))
        line = RowShape(Line(*points[0], dx, dy), tuple(steps))
        near = all(dist(here, there) <= _OFF_LINE for here, there in zip(line.points(), points, strict=True))
        if length and near:
            return line
    return RowShape(Points(tuple(points), tuple(steps)), tuple(steps))


def _seat_width(rows: Sequence[_ReadRow]) -> float:
    """How many pixels are one seat: the usual way from a seat to the next in its row."""
    ways = [dist(*pair) for row in rows for pair in pairwise(row.points)]
    usual = median(ways) if ways else 0.0
    return usual or 1.0


def _told_apart(rows: Sequence[_ReadRow]) -> list[_ReadRow]:
    """Rows of one label that repeat a number get labels of their own, so that every seat has its name."""
    taken: set[tuple[str, str]] = set()
    for row in rows:
        label, nth = row.label, 1
        while any((row.label, number) in taken for number in row.numbers):
            nth += 1
            row.label = f"{label} ({nth})"
        taken.update((row.label, number) for number in row.numbers)
    return list(rows)


def _focal(objects: Sequence[PlanObject], sections: Sequence[PlannedSection]) -> Point:
    """The middle of the stage or screen, or of the drawing's upper edge."""
    stage = next((thing.polygon for thing in objects if thing.kind in ("stage", "screen")), None)
    if stage is not None:
        return (fmean(x for x, _ in stage), fmean(y for _, y in stage))
    points = [point for section in sections for point in section.outline]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    return ((left + right) / 2, min(y for _, y in points) - _AREA_MARGIN)


def _area_text(area: Members) -> str:
    told = area.get("text", "")
    if isinstance(told, Mapping):
        told = told.get("text", "")
    return _text(told or "", "area: text", empty=True)


def _area_polygon(area: Members, position: Point) -> Sequence[Point] | None:
    """A rectangle, turned around its corner; or a polygon, as newer plans have it. None: something else."""
    x, y = position
    corners = _object(area.get("polygon", {}), "area: polygon").get("points")
    if corners:
        return [_sum(position, _position({"position": point}, "area")) for point in corners]
    box = _object(area.get("rectangle", area), "area: rectangle")
    width, height = box.get("width"), box.get("height")
    if width is None or height is None:
        return None
    turn = radians(_real(area.get("rotation", 0), "area: rotation"))
    flat = rectangle(0, 0, _real(width, "area: width"), _real(height, "area: height"))
    return [(x + px * cos(turn) - py * sin(turn), y + px * sin(turn) + py * cos(turn)) for px, py in flat]


def _slug(name: str, length: int) -> str:
    """Letters and digits of a name, for a section's id or a category's key."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")[:length].strip("-") or "X"


def _distinct(words: Sequence[str]) -> list[str]:
    """The words, numbered where one was there before."""
    found: list[str] = []
    for word in words:
        other, nth = word, 1
        while other in found:
            nth += 1
            other = f"{word}{nth}"
        found.append(other)
    return found


def _object(value: Any, where: str) -> Members:
    if not isinstance(value, Mapping):
        raise MalformedSeatPlan(f"{where} must be an object")
    return value


def _array(thing: Members, name: str) -> Sequence[Any]:
    return array(thing.get(name, []), name)


def _real(value: Any, where: str) -> float:
    return real(value, where, low=-_PIXELS_MAX, high=_PIXELS_MAX)


def _position(thing: Members, where: str, *, missing: bool = False) -> Point:
    if missing and "position" not in thing:
        return (0.0, 0.0)
    position = _object(thing.get("position"), f"{where}: position")
    return (_real(position.get("x"), f"{where}: position"), _real(position.get("y"), f"{where}: position"))


def _sum(one: Point, other: Point) -> Point:
    return (one[0] + other[0], one[1] + other[1])
