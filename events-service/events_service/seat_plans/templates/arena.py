"""Arenas: a floor or a pitch in a bowl of numbered blocks on two tiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil

from events_service.seat_plans.geometry import rectangle, straight_row
from events_service.seat_plans.layout import RESTRICTED_VIEW, LaidSection, Layout, Spot
from events_service.seat_plans.plan import Category, PlanObject
from events_service.seat_plans.template import RoomTemplate
from events_service.seat_plans.templates.bowl import AISLE, ROW_PITCH, BlockPlace, Bowl, Tier

_FIRST_ROW = 5.0
_TIER_GAP = 3.0

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
        bowl = _bowl(size)
        front = -bowl.half_length
        stage = PlanObject("stage", "Stage", rectangle(-size, front - 6.0, 2 * size, 6.0))
        tiers = bowl.sections(_tiers(size), self._category, closed=False)
        return Layout((*self._floor(bowl), *tiers), (stage,), focal=(0.0, front))

    @staticmethod
    def _floor(bowl: Bowl) -> Iterator[LaidSection]:
        before_stage, between = 4.0, 2.0
        rows = max(1, int((2 * bowl.half_length - before_stage - between) / 2 / ROW_PITCH))
        for nth in range(6):
            line, column = divmod(nth, 3)
            x = (column - 1) * (bowl.block + AISLE)
            y = -bowl.half_length + before_stage + line * (rows * ROW_PITCH + between)
            yield LaidSection(
                f"F{nth + 1}",
                f"Floor {nth + 1}",
                tuple(straight_row([bowl.block], origin=(x, y + row * ROW_PITCH)) for row in range(rows)),
                lambda _: FLOOR.key,
            )

    @staticmethod
    def _category(block: BlockPlace) -> Callable[[Spot], str]:
        if block.outermost:
            return lambda _: RESTRICTED_VIEW
        return upper_category if block.tier == 2 else lambda _: LOWER.key


class SportsHall(RoomTemplate):
    """A pitch with a bowl on all four sides."""

    name = "sports-hall"
    title = "Sports hall"
    capacity = 5330
    categories = (COURTSIDE, LOWER, UPPER, UPPER_BACK)

    def layout(self, size: int) -> Layout:
        bowl = _bowl(size)
        pitch = rectangle(-bowl.half_width, -bowl.half_length, 2 * bowl.half_width, 2 * bowl.half_length)
        sections = bowl.sections(_tiers(size), self._category, closed=True)
        return Layout(tuple(sections), (PlanObject("pitch", "Pitch", pitch),))

    @staticmethod
    def _category(block: BlockPlace) -> Callable[[Spot], str]:
        if block.tier == 2:
            return upper_category
        return lambda _: COURTSIDE.key if block.where == "long side" else LOWER.key


def upper_category(spot: Spot) -> str:
    """In the upper tier: cheaper in its back rows."""
    return UPPER_BACK.key if spot.depth > 0.6 else UPPER.key


def _bowl(size: int) -> Bowl:
    return Bowl(size, along_long=4, along_short=3)


def _tiers(size: int) -> tuple[Tier, ...]:
    return (
        Tier("Lower", size, behind=_FIRST_ROW, accessible_row=-1),
        Tier("Upper", ceil(size * 0.9), behind=_TIER_GAP),
    )
