"""What a plan document is made of, row by row and table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from events_service.seat_plans.geometry import RowShape
from events_service.seat_plans.plan import Category, Floor, PlanObject, Point, SeatPlan
from shared.contracts.seat_plan import FORMAT, SectionKind

Shape = Literal["round", "rect"]
Book = Literal["whole", "seat"]


@dataclass(frozen=True, slots=True)
class Seat:
    """What is said about one seat of a row, apart from where it stands."""

    number: str
    category: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """Seats from left to right, as seen by somebody sitting in the row. `pairs` are wheelchair space and companion."""

    label: str
    shape: RowShape
    seats: Sequence[Seat]
    pairs: Sequence[tuple[int, int]] = ()

    def points(self) -> list[Point]:
        """Where its seats stand."""
        return self.shape.points()

    def as_json(self, across: float, away: float) -> dict[str, Any]:
        """The row of the document, in the drawing's frame. What need not be said is left out."""
        first, *_ = self.shape.steps
        categories = [seat.category for seat in self.seats]
        usual = max(dict.fromkeys(categories), key=categories.count)
        said: dict[str, Any] = {
            "label": self.label,
            "n": len(self.seats),
            "geo": self.shape.curve.moved(across, away, to_step=first).as_json(),
            "category": usual,
            **_numbers([seat.number for seat in self.seats]),
        }
        if others := _stretches(categories, usual):
            said["cats"] = others
        if gaps := self.shape.gaps():
            said["gaps"] = [list(gap) for gap in gaps]
        said.update(_marks([seat.flags for seat in self.seats], self.pairs))
        return said


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """A table; `size` is (radius, radius) or (width, height). Sold whole it is one place for `persons`."""

    label: str
    shape: Shape
    middle: Point
    size: tuple[float, float]
    persons: int
    book: Book
    category: str
    rot: float = 0.0
    flags: Sequence[tuple[str, ...]] = ()
    pairs: Sequence[tuple[int, int]] = ()

    def as_json(self, across: float, away: float) -> dict[str, Any]:
        """The table of the document, in the drawing's frame."""
        size = {"r": self.size[0]} if self.shape == "round" else {"w": self.size[0], "h": self.size[1]}
        return {
            "label": self.label,
            "shape": self.shape,
            "x": round(self.middle[0] + across, 2),
            "y": round(self.middle[1] + away, 2),
            **size,
            **({"rot": round(self.rot, 4)} if self.rot else {}),
            "n": self.persons,
            "book": self.book,
            "category": self.category,
            **_marks(self.flags, self.pairs),
        }


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A named part of the house: rows from front to back, or tables, or places to stand. The id is the word printed in
    seat numbers.
    """

    id: str
    name: str
    kind: SectionKind
    floor: str
    outline: Sequence[Point]
    rows: Sequence[PlannedRow] = ()
    tables: Sequence[PlannedTable] = ()
    capacity: int = 0
    category: str = ""

    def as_json(self, across: float, away: float) -> dict[str, Any]:
        """The section of the document, in the drawing's frame."""
        said: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "floor": self.floor,
            # Tenths: nobody sees more of a shape.
            "outline": [[round(x + across, 1), round(y + away, 1)] for x, y in self.outline],
        }
        if self.kind == "seated":
            said["rows"] = [row.as_json(across, away) for row in self.rows]
        elif self.kind == "tables":
            said["tables"] = [table.as_json(across, away) for table in self.tables]
        else:
            said.update(capacity=self.capacity, category=self.category)
        return said


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole plan in anybody's frame; `plan` moves it into (0, 0) to (width, height)."""

    name: str
    sections: Sequence[PlannedSection]
    categories: Sequence[Category]
    floors: Sequence[Floor]
    objects: Sequence[PlanObject]
    focal: Point
    numbering: str
    margin: float = field(default=1.5)

    def plan(self) -> SeatPlan:
        """The plan with these parts. Raises MalformedSeatPlan."""
        drawn = [
            self.focal,
            *(point for section in self.sections for point in section.outline),
            *(point for section in self.sections for row in section.rows for point in row.points()),
            *(point for thing in self.objects for point in thing.polygon),
        ]
        left, top = min(x for x, _ in drawn) - self.margin, min(y for _, y in drawn) - self.margin
        right, bottom = max(x for x, _ in drawn) + self.margin, max(y for _, y in drawn) + self.margin
        return SeatPlan.of(
            {
                "format": FORMAT,
                "name": self.name,
                "width": round(right - left, 2),
                "height": round(bottom - top, 2),
                "focal": {"x": round(self.focal[0] - left, 2), "y": round(self.focal[1] - top, 2)},
                "numbering": self.numbering,
                "floors": [floor._asdict() for floor in self.floors],
                "categories": [category._asdict() for category in self.categories],
                "objects": [
                    {
                        "kind": thing.kind,
                        "label": thing.label,
                        "floor": thing.floor or self.floors[0].id,
                        "polygon": [[round(x - left, 2), round(y - top, 2)] for x, y in thing.polygon],
                    }
                    for thing in self.objects
                ],
                "sections": [section.as_json(-left, -top) for section in self.sections],
            }
        )


def _numbers(numbers: Sequence[str]) -> Mapping[str, Any]:
    """`from` and `step` where the printed numbers count evenly, `names` otherwise."""
    # isdecimal alone lets leading zeros and the digits of other scripts pass, which `from` would lose.
    if all(number.isascii() and number.isdecimal() and str(int(number)) == number for number in numbers):
        values = [int(number) for number in numbers]
        step = values[1] - values[0] if len(values) > 1 else 1
        if all(value == values[0] + nth * step for nth, value in enumerate(values)):
            said = {"from": values[0], "step": step}
            return {name: value for name, value in said.items() if value != 1}
    return {"names": list(numbers)}


def _stretches(categories: Sequence[str], usual: str) -> list[list[Any]]:
    """Where the category is another than the usual one: first seat, length, category."""
    stretches: list[list[Any]] = []
    for seat, category in enumerate(categories):
        if category == usual:
            continue
        if stretches and stretches[-1][2] == category and sum(stretches[-1][:2]) == seat:
            stretches[-1][1] += 1
        else:
            stretches.append([seat, 1, category])
    return stretches


def _marks(flags: Sequence[tuple[str, ...]], pairs: Sequence[tuple[int, int]]) -> Mapping[str, Any]:
    flagged: dict[str, list[int]] = {}
    for seat, words in enumerate(flags):
        for word in words:
            flagged.setdefault(str(word), []).append(seat)
    said: dict[str, Any] = {"flags": flagged} if flagged else {}
    if pairs:
        said["pairs"] = [list(pair) for pair in pairs]
    return said
