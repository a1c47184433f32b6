"""The immutable seat plan: places, categories and labels, with a canonical document and its content hash.

A plan holds nothing that changes and nothing about money, so many events share one plan. Statuses belong to
the seats of an event, prices to the event.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

FORMAT = "seatplan/1"
SEAT_NUMBER_MAX_LENGTH = 32
ONE_SECTION_NUMBERING = "{row}{number}"
SECTIONS_NUMBERING = "{section}-{row}-{number}"

Point = tuple[float, float]


class MalformedSeatPlan(ValueError):
    """The parts do not make a plan: no seats, a repeated seat number, or an unknown category."""


class SeatFlag(StrEnum):
    """What a buyer should know about one place. The values are the words in the document."""

    WHEELCHAIR = "w"
    COMPANION = "c"
    AISLE = "aisle"
    RESTRICTED_VIEW = "rv"


@dataclass(frozen=True, slots=True)
class Category:
    """A price band. Tier 1 is the dearest and tier 5 the cheapest; what they cost is the event's affair."""

    key: str
    name: str
    tier: int


@dataclass(frozen=True, slots=True)
class PlanObject:
    """Something drawn beside the seats, such as a stage, a screen, a pitch, a bar or a table."""

    kind: str
    label: str
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class RowSeat:
    """A place in a row. `number` is printed on the seat and says nothing about who sits beside whom:
    neighbours follow each other in the row, also where odd and even numbers lie on different sides.
    """

    number: int
    x: float
    y: float
    category: str
    flags: tuple[SeatFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Seats from left to right, as seen by somebody sitting in the row."""

    label: str
    seats: tuple[RowSeat, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of the house, rows from front to back. The id is the word printed in seat numbers."""

    id: str
    name: str
    rows: tuple[Row, ...]
    kind: str = "seated"


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """One sellable place. `index` is its order of appearance in the plan, 0 to N-1, fixed for a content hash;
    in an event the seat's id is `first_seat_id + index`.
    """

    index: int
    seat_number: str
    section: str
    row: str
    x: float
    y: float
    category: str
    flags: tuple[SeatFlag, ...]


@dataclass(frozen=True)
class SeatPlan:
    """The seats of a room. One unit of length is the width of one seat; x grows to the right and y away
    from the stage; the drawing fits into `width` by `height`.

    `numbering` says how a seat number is made: a format string over `section`, `row` and `number`.

    Raises MalformedSeatPlan when there are no seats, or a seat number repeats, is longer than 32 characters,
    or names an unknown category.
    """

    name: str
    width: float
    height: float
    focal: Point
    categories: tuple[Category, ...]
    objects: tuple[PlanObject, ...]
    sections: tuple[Section, ...]
    numbering: str = ""

    def __post_init__(self) -> None:
        if not self.numbering:
            several = len(self.sections) > 1
            object.__setattr__(self, "numbering", SECTIONS_NUMBERING if several else ONE_SECTION_NUMBERING)
        if not self._seats:
            raise MalformedSeatPlan(f"{self.name!r} has no seats")
        if unknown := {seat.category for seat in self._seats} - {category.key for category in self.categories}:
            raise MalformedSeatPlan(f"{self.name!r} uses unknown categories: {', '.join(sorted(unknown))}")
        numbers = {seat.seat_number for seat in self._seats}
        if len(numbers) != len(self._seats):
            raise MalformedSeatPlan(f"{self.name!r} repeats a seat number")
        if longest := [number for number in numbers if len(number) > SEAT_NUMBER_MAX_LENGTH]:
            raise MalformedSeatPlan(f"seat number {longest[0]!r} is longer than {SEAT_NUMBER_MAX_LENGTH}")

    @property
    def seat_count(self) -> int:
        """Seats in the plan."""
        return len(self._seats)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the document in hexadecimal: the address of the plan."""
        return self._content_hash

    def seats(self) -> Sequence[PlannedSeat]:
        """Every seat in plan order."""
        return self._seats

    def document(self) -> bytes:
        """The plan as canonical JSON: sorted keys, no spaces, UTF-8, whole numbers without a fraction
        (RFC 8785 for the values used here), so that equal plans have equal bytes.
        """
        return self._document

    @cached_property
    def _seats(self) -> tuple[PlannedSeat, ...]:
        places = ((section, row, seat) for section in self.sections for row in section.rows for seat in row.seats)
        return tuple(
            PlannedSeat(
                index=index,
                seat_number=self.numbering.format(section=section.id, row=row.label, number=seat.number),
                section=section.name,
                row=row.label,
                x=seat.x,
                y=seat.y,
                category=seat.category,
                flags=seat.flags,
            )
            for index, (section, row, seat) in enumerate(places)
        )

    @cached_property
    def _document(self) -> bytes:
        return json.dumps(
            self._as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()

    @cached_property
    def _content_hash(self) -> str:
        return hashlib.sha256(self._document).hexdigest()

    def _as_json(self) -> Mapping[str, Any]:
        return {
            "format": FORMAT,
            "name": self.name,
            "width": _number(self.width),
            "height": _number(self.height),
            "focal": {"x": _number(self.focal[0]), "y": _number(self.focal[1])},
            "numbering": self.numbering,
            "categories": [{"key": c.key, "name": c.name, "tier": c.tier} for c in self.categories],
            "objects": [
                {"kind": o.kind, "label": o.label, "polygon": [[_number(x), _number(y)] for x, y in o.polygon]}
                for o in self.objects
            ],
            "sections": [
                {
                    "id": section.id,
                    "name": section.name,
                    "kind": section.kind,
                    "rows": [
                        {"label": row.label, "seats": [_seat_as_json(seat) for seat in row.seats]}
                        for row in section.rows
                    ],
                }
                for section in self.sections
            ],
        }


def _seat_as_json(seat: RowSeat) -> list[Any]:
    fields: list[Any] = [seat.number, _number(seat.x), _number(seat.y), seat.category]
    if seat.flags:
        fields.append([flag.value for flag in seat.flags])
    return fields


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
