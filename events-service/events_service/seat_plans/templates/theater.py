"""A proscenium theatre: stalls, circle and balcony as arcs around the same point on the stage."""

from __future__ import annotations

from collections.abc import Callable
from math import radians

from events_service.seat_plans.geometry import Block, arc_row
from events_service.seat_plans.layout import RESTRICTED_VIEW, LaidSection, Layout, Spot
from events_service.seat_plans.plan import Category, PlanObject
from events_service.seat_plans.template import RoomTemplate

ROW_PITCH = 1.2
_BALCONY_GAP = 2.5

PREMIUM = Category("premium", "Premium stalls", 1)
STALLS = Category("stalls", "Stalls", 2)
CIRCLE = Category("circle", "Circle", 3)
BALCONY = Category("balcony", "Balcony", 4)
RESTRICTED = Category(RESTRICTED_VIEW, "Restricted view", 5)


class Theater(RoomTemplate):
    """Stalls in three blocks, a circle and a balcony behind them."""

    name = "theater"
    title = "Theater"
    capacity = 655
    categories = (PREMIUM, STALLS, CIRCLE, BALCONY, RESTRICTED)

    def layout(self, size: int) -> Layout:
        stalls = _arcs(8.0, size, (-36, -13, 13, 36))
        circle_from = 8.0 + size * ROW_PITCH + _BALCONY_GAP
        circle = _arcs(circle_from, size // 3, (-40, -14, 14, 40))
        balcony_from = circle_from + size // 3 * ROW_PITCH + _BALCONY_GAP
        balcony = _arcs(balcony_from, size // 4, (-42, -15, 15, 42))
        sections = (
            LaidSection("STALLS", "Stalls", stalls, _stalls_category, accessible_row=-1),
            LaidSection("CIRCLE", "Circle", circle, _upper_category(CIRCLE.key)),
            LaidSection("BALCONY", "Balcony", balcony, _upper_category(BALCONY.key)),
        )
        stage = PlanObject(
            "stage", "Stage", ((-7.0, -3.0), (7.0, -3.0), (6.0, 3.0), (3.0, 4.5), (-3.0, 4.5), (-6.0, 3.0))
        )
        return Layout(sections, (stage,))


def _arcs(first_radius: float, rows: int, degrees: tuple[int, ...]) -> tuple[tuple[Block, ...], ...]:
    bounds = [radians(angle) for angle in degrees]
    return tuple(arc_row(first_radius + row * ROW_PITCH, bounds) for row in range(rows))


def _stalls_category(spot: Spot) -> str:
    return PREMIUM.key if 0.1 <= spot.depth <= 0.6 and spot.off_centre < 0.6 else STALLS.key


def _upper_category(key: str) -> Callable[[Spot], str]:
    """The balcony's own category; from the two seats at either end of a row the stage is partly hidden."""
    return lambda spot: RESTRICTED_VIEW if spot.from_side < 2 else key
