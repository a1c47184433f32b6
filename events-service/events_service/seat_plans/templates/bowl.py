"""Numbered blocks on tiers around a rectangle, straight along its sides and curved in its corners."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

from events_service.seat_plans.geometry import RowShape, arc_row, straight_row
from events_service.seat_plans.layout import LaidSection, Spot
from events_service.seat_plans.plan import Point

ROW_PITCH = 1.2
AISLE = 1.5

Where = Literal["long side", "short side", "corner"]


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of the bowl: its rows, how far the first is behind the last of the tier before (or the rectangle), and
    into how many wedges each corner is cut.
    """

    name: str
    rows: int
    behind: float
    wedges: int = 2
    accessible_row: int | None = None


@dataclass(frozen=True, slots=True)
class BlockPlace:
    """Where a block of the bowl is; tiers count from 1. The outermost blocks of an open bowl look at the stage from its
    side.
    """

    tier: int
    where: Where
    outermost: bool


class Bowl:
    """Blocks of `block` seats around a rectangle, so many along each long and each short side. Every row keeps its
    distance from the rectangle, so neighbouring rows are parallel everywhere.
    """

    def __init__(self, block: int, *, along_long: int, along_short: int) -> None:
        self.block = block
        self.half_length = along_long * (block + AISLE) / 2
        self.half_width = along_short * (block + AISLE) / 2
        self._along_long = along_long
        self._along_short = along_short

    def sections(
        self, tiers: Sequence[Tier], category_of: Callable[[BlockPlace], Callable[[Spot], str]], *, closed: bool
    ) -> Iterator[LaidSection]:
        """Sections 101, 102, ... of the first tier, 201, 202, ... of the second, from the left of the stage past the
        far end to its right, or all the way round when `closed`.
        """
        first = 0.0
        for nth_tier, tier in enumerate(tiers, start=1):
            first += tier.behind
            blocks = list(self._blocks(first, tier, closed=closed))
            for nth, (where, rows) in enumerate(blocks):
                outermost = not closed and nth in (0, len(blocks) - 1)
                number = f"{nth_tier}{nth + 1:02d}"
                yield LaidSection(
                    number,
                    f"{tier.name} {number}",
                    rows,
                    category_of(BlockPlace(nth_tier, where, outermost)),
                    accessible_row=tier.accessible_row,
                )
            first += tier.rows * ROW_PITCH

    def _blocks(self, first: float, tier: Tier, *, closed: bool) -> Iterator[tuple[Where, tuple[RowShape, ...]]]:
        sides = 4 if closed else 3
        for nth in range(sides):
            angle = (nth - 1) * pi / 2
            long = nth % 2 == 0
            distance, half = (self.half_width, self.half_length) if long else (self.half_length, self.half_width)
            count = self._along_long if long else self._along_short
            for block in range(count):
                across = (block - (count - 1) / 2) * (self.block + AISLE)
                yield (
                    "long side" if long else "short side",
                    tuple(
                        straight_row(
                            [self.block],
                            origin=_seen_from(angle, across, distance + first + row * ROW_PITCH),
                            angle=angle,
                        )
                        for row in range(tier.rows)
                    ),
                )
            if not closed and nth == sides - 1:
                return
            corner, wedge = _seen_from(angle, half, distance), pi / 2 / tier.wedges
            for start in (angle + nth_wedge * wedge for nth_wedge in range(tier.wedges)):
                yield (
                    "corner",
                    tuple(
                        arc_row(first + row * ROW_PITCH, (start, start + wedge), aisle=AISLE, centre=corner)
                        for row in range(tier.rows)
                    ),
                )


def _seen_from(angle: float, across: float, away: float) -> Point:
    """The point `across` to the right and `away` behind the middle, for somebody who faces it from `angle`."""
    return (across * cos(angle) + away * sin(angle), -across * sin(angle) + away * cos(angle))
