"""What a decoded plan is: every place of the house in flat columns, and who sits beside whom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

SectionKind = Literal["seated", "standing", "tables"]
Point = tuple[float, float]


class Category(NamedTuple):
    """A price band. Tier 1 is the dearest and tier 5 the cheapest; what they cost is the event's affair."""

    key: str
    name: str
    tier: int


class Floor(NamedTuple):
    """A level of the house, drawn by itself."""

    id: str
    name: str


class PlacedSection(NamedTuple):
    """Places `start` to `end` (exclusive). `floor` is a floor's id. `category` is the key of a standing area's only
    category, None elsewhere.
    """

    id: str
    name: str
    floor: str
    kind: SectionKind
    start: int
    end: int
    category: str | None


class PlacedRow(NamedTuple):
    """A row, a table, or the whole of a standing area (which has the label ""): places `start` to `end` (exclusive) of
    the section of this index.
    """

    label: str
    section: int
    start: int
    end: int


class Run(NamedTuple):
    """Places `start` to `end` (exclusive) of which each one sits beside the next; where `cyclic`, the last beside the
    first as well.
    """

    start: int
    end: int
    cyclic: bool


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Every sellable place of a plan, by index: its order of appearance in the document.

    `section`, `row` and `category` hold indexes into `sections`, `rows` and `categories`; `number` is what is printed
    on the seat, which says nothing about who sits beside whom: that is said by `runs`. `persons` knows the tables that
    are sold whole, and nothing else; `pairs` leads from a wheelchair space to its companion's seat and back. Standing
    areas have places, all alike in the middle of the area, and no runs. 50,000 places take about 3 MB.
    """

    name: str
    width: float
    height: float
    focal: Point
    categories: tuple[Category, ...]
    floors: tuple[Floor, ...]
    sections: tuple[PlacedSection, ...]
    rows: tuple[PlacedRow, ...]
    x: Sequence[float]
    y: Sequence[float]
    section: Sequence[int]
    row: Sequence[int]
    category: Sequence[int]
    number: Sequence[str]
    persons: Mapping[int, int]
    flags: Mapping[int, frozenset[str]]
    pairs: Mapping[int, int]
    runs: tuple[Run, ...]
    _around_number: tuple[tuple[str, str], ...]
    _run_starts: Sequence[int]

    @property
    def count(self) -> int:
        """Places in the plan."""
        return len(self.number)

    def seat_number(self, index: int) -> str:
        """The seat's name within the event, as in the table `seats`."""
        before, after = self._around_number[self.row[index]]
        return before + self.number[index] + after

    def seat_numbers(self) -> list[str]:
        """The names of all places."""
        return [
            before + number + after
            for row, (before, after) in zip(self.rows, self._around_number, strict=True)
            for number in self.number[row.start : row.end]
        ]

    def run_of(self, index: int) -> Run | None:
        """The run that this place is in; None for a place in a standing area."""
        nth = bisect_right(self._run_starts, index) - 1
        if nth < 0 or index >= self.runs[nth].end:
            return None
        return self.runs[nth]

    def neighbours(self, index: int) -> tuple[int, ...]:
        """The places beside this one, none to two of them."""
        run = self.run_of(index)
        if run is None:
            return ()
        beside = [index - 1, index + 1]
        if run.cyclic:
            length = run.end - run.start
            beside = [run.start + (place - run.start) % length for place in beside]
        return tuple(place for place in beside if run.start <= place < run.end)
