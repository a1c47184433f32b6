"""Arenas: a floor or a pitch in a bowl of numbered blocks on two tiers, straight along the sides and curved in the
corners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, cos, pi, sin
from typing import Literal

from events_service.seat_plans.geometry import Block, arc_row, rectangle, straight_row
from events_service.seat_plans.layout import RESTRICTED_VIEW, LaidSection, Layout, Spot
from events_service.seat_plans.plan import Category, PlanObject, Point
from events_service.seat_plans.template import RoomTemplate

ROW_PITCH = 1.2
_AISLE = 1.5
_FIRST_ROW = 5.0
_TIER_GAP = 3.0
_BLOCKS_LONG, _BLOCKS_SHORT = 4, 3

FLOOR = Category("floor", "Floor", 1)
COURTSIDE = Category("courtside", "Lower tier, long side", 1)
LOWER = Category("lower", "Lower tier", 2)
UPPER = Category("upper", "Upper tier", 3)
UPPER_BACK = Category("upper-back", "Upper tier, back rows", 4)
SIDE_VIEW = Category(RESTRICTED_VIEW, "Side view", 5)


class Arena(RoomTemplate):
    """A stage at one end, six blocks of chairs on the floor, and a bowl around the other three sides."""

    name = "arena"
    title = "Arena"
    capacity = 12_842
    categories = (FLOOR, LOWER, UPPER, UPPER_BACK, SIDE_VIEW)

    def layout(self, size: int) -> Layout:
        bowl = _Bowl(size)
        front = -bowl.half_length
        stage = PlanObject("stage", "Stage", rectangle(-size, front - 6.0, 2 * size, 6.0))
        tiers = bowl.tiers(self._category, closed=False)
        return Layout((*self._floor(bowl), *tiers), (stage,), focal=(0.0, front))

    @staticmethod
    def _floor(bowl: _Bowl) -> Iterator[LaidSection]:
        before_stage, between = 4.0, 2.0
        rows = max(1, int((2 * bowl.half_length - before_stage - between) / 2 / ROW_PITCH))
        for nth in range(6):
            line, column = divmod(nth, 3)
            x = (column - 1) * (bowl.block + _AISLE)
            y = -bowl.half_length + before_stage + line * (rows * ROW_PITCH + between)
            yield LaidSection(
                f"F{nth + 1}",
                f"Floor {nth + 1}",
                tuple(straight_row([bowl.block], origin=(x, y + row * ROW_PITCH)) for row in range(rows)),
                lambda _: FLOOR.key,
            )

    @staticmethod
    def _category(block: _BlockPlace) -> Callable[[Spot], str]:
        if block.outermost:
            return lambda _: RESTRICTED_VIEW
        return _upper_category if block.tier == 2 else lambda _: LOWER.key


class SportsHall(RoomTemplate):
    """A pitch with a bowl on all four sides."""

    name = "sports-hall"
    title = "Sports hall"
    capacity = 5330
    categories = (COURTSIDE, LOWER, UPPER, UPPER_BACK)

    def layout(self, size: int) -> Layout:
        bowl = _Bowl(size)
        pitch = rectangle(-bowl.half_width, -bowl.half_length, 2 * bowl.half_width, 2 * bowl.half_length)
        tiers = bowl.tiers(self._category, closed=True)
        return Layout(tuple(tiers), (PlanObject("pitch", "Pitch", pitch),))

    @staticmethod
    def _category(block: _BlockPlace) -> Callable[[Spot], str]:
        if block.tier == 2:
            return _upper_category
        return lambda _: COURTSIDE.key if block.where == "long side" else LOWER.key


@dataclass(frozen=True, slots=True)
class _BlockPlace:
    """Where a block of the bowl is. The outermost blocks of an open bowl look at the stage from its side."""

    tier: int
    where: Literal["long side", "short side", "corner"]
    outermost: bool


class _Bowl:
    """Blocks around a rectangle: four of `block` seats along each long side, three along each short side, two wedges in
    each corner. Every row keeps its distance from the rectangle, so neighbouring rows are parallel everywhere.
    """

    def __init__(self, block: int) -> None:
        self.block = block
        self.half_length = _BLOCKS_LONG * (block + _AISLE) / 2
        self.half_width = _BLOCKS_SHORT * (block + _AISLE) / 2

    def tiers(
        self, category_of: Callable[[_BlockPlace], Callable[[Spot], str]], *, closed: bool
    ) -> Iterator[LaidSection]:
        """Sections 101, 102, ... of the lower and 201, 202, ... of the upper tier, from the left of the stage past the
        far end to its right, or all the way round when `closed`.
        """
        lower_rows = self.block
        upper_from = _FIRST_ROW + lower_rows * ROW_PITCH + _TIER_GAP
        for tier, name, first, rows in (
            (1, "Lower", _FIRST_ROW, lower_rows),
            (2, "Upper", upper_from, ceil(self.block * 0.9)),
        ):
            blocks = list(self._blocks(first, rows, closed=closed))
            for nth, (where, block) in enumerate(blocks):
                outermost = not closed and nth in (0, len(blocks) - 1)
                number = f"{tier}{nth + 1:02d}"
                yield LaidSection(
                    number,
                    f"{name} {number}",
                    block,
                    category_of(_BlockPlace(tier, where, outermost)),
                    accessible_row=-1 if tier == 1 else None,
                )

    def _blocks(
        self, first: float, rows: int, *, closed: bool
    ) -> Iterator[tuple[Literal["long side", "short side", "corner"], tuple[tuple[Block, ...], ...]]]:
        sides = 4 if closed else 3
        for nth in range(sides):
            angle = (nth - 1) * pi / 2
            long = nth % 2 == 0
            distance, half = (self.half_width, self.half_length) if long else (self.half_length, self.half_width)
            count = _BLOCKS_LONG if long else _BLOCKS_SHORT
            for block in range(count):
                across = (block - (count - 1) / 2) * (self.block + _AISLE)
                yield (
                    "long side" if long else "short side",
                    tuple(
                        straight_row(
                            [self.block],
                            origin=_seen_from(angle, across, distance + first + row * ROW_PITCH),
                            angle=angle,
                        )
                        for row in range(rows)
                    ),
                )
            if not closed and nth == sides - 1:
                return
            corner = _seen_from(angle, half, distance)
            for start in (angle, angle + pi / 4):
                yield (
                    "corner",
                    tuple(
                        arc_row(first + row * ROW_PITCH, (start, start + pi / 4), aisle=_AISLE, centre=corner)
                        for row in range(rows)
                    ),
                )


def _upper_category(spot: Spot) -> str:
    return UPPER_BACK.key if spot.depth > 0.6 else UPPER.key


def _seen_from(angle: float, across: float, away: float) -> Point:
    """The point `across` to the right and `away` behind the middle, for somebody who faces it from `angle`."""
    return (across * cos(angle) + away * sin(angle), -across * sin(angle) + away * cos(angle))
