"""A stadium: three tiers all the way round a football pitch."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from events_service.seat_plans.geometry import rectangle
from events_service.seat_plans.layout import Layout, Spot
from events_service.seat_plans.plan import Category, PlanObject
from events_service.seat_plans.template import RoomTemplate
from events_service.seat_plans.templates.bowl import BlockPlace, Bowl, Tier

_RUN_OFF = 8.0
"""Between the pitch and the first row."""

CLUB = Category("club", "Club tier", 1)
LONG_SIDE = Category("long-side", "Lower tier, long side", 2)
LOWER = Category("lower", "Lower tier, ends and corners", 3)
UPPER = Category("upper", "Upper tier", 4)
UPPER_BACK = Category("upper-back", "Upper tier, back rows", 5)


class Stadium(RoomTemplate):
    """A pitch in proportion (105 by 68 metres), 26 blocks along its sides, and wedges in the corners: 114 sections."""

    name = "stadium"
    title = "Stadium"
    capacity = 50_000
    categories = (CLUB, LONG_SIDE, LOWER, UPPER, UPPER_BACK)

    def layout(self, size: int) -> Layout:
        bowl = Bowl(size, along_long=8, along_short=5)
        tiers = (
            Tier("Lower", size, behind=_RUN_OFF, wedges=2, accessible_row=-1),
            Tier("Club", ceil(size / 3), behind=3.0, wedges=3, accessible_row=0),
            Tier("Upper", size, behind=3.0, wedges=4),
        )
        width, length = bowl.half_width, bowl.half_length
        pitch = PlanObject("pitch", "Pitch", rectangle(-width, -length, 2 * width, 2 * length))
        return Layout(tuple(bowl.sections(tiers, self._category, closed=True)), (pitch,))

    @staticmethod
    def _category(block: BlockPlace) -> Callable[[Spot], str]:
        if block.tier == 3:
            return lambda spot: UPPER_BACK.key if spot.depth > 0.5 else UPPER.key
        if block.tier == 2:
            return lambda _: CLUB.key
        return lambda _: LONG_SIDE.key if block.where == "long side" else LOWER.key
