"""A proscenium theatre: stalls, circle and balcony above each other, as arcs around the same point on the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import radians

from events_service.seat_plans.geometry import RowShape, arc_row, on_circle
from events_service.seat_plans.layout import RESTRICTED_VIEW, AnySection, LaidSection, LaidTables, Layout, Spot
from events_service.seat_plans.plan import Category, Floor, PlanObject
from events_service.seat_plans.template import RoomTemplate

ROW_PITCH = 1.2
_FIRST_ROW = 8.0
_BOX_PITCH = 3.2

BOX = Category("box", "Box for four", 1)
PREMIUM = Category("premium", "Premium stalls", 1)
STALLS = Category("stalls", "Stalls", 2)
CIRCLE = Category("circle", "Circle", 3)
BALCONY = Category("balcony", "Balcony", 4)
RESTRICTED = Category(RESTRICTED_VIEW, "Restricted view", 5)

FLOORS = (Floor("stalls", "Stalls"), Floor("circle", "Circle"), Floor("balcony", "Balcony"))
_STAGE = PlanObject("stage", "Stage", ((-7.0, -3.0), (7.0, -3.0), (6.0, 3.0), (3.0, 4.5), (-3.0, 4.5), (-6.0, 3.0)))


class Theater(RoomTemplate):
    """Stalls in three blocks; above their rear a circle with boxes at its sides, and above that a balcony."""

    name = "theater"
    title = "Theater"
    capacity = 655
    categories = (BOX, PREMIUM, STALLS, CIRCLE, BALCONY, RESTRICTED)

    def layout(self, size: int) -> Layout:
        stalls = _arcs(_FIRST_ROW, size, (-36, -13, 13, 36))
        circle_from = _FIRST_ROW + size * 0.6 * ROW_PITCH
        circle = _arcs(circle_from, size // 3, (-40, -14, 14, 40))
        balcony_from = _FIRST_ROW + size * 0.75 * ROW_PITCH
        balcony = _arcs(balcony_from, size // 4, (-42, -15, 15, 42))
        sections = (
            LaidSection("STALLS", "Stalls", stalls, _stalls_category, accessible_row=-1, floor="stalls"),
            LaidSection("CIRCLE", "Circle", circle, _upper_category(CIRCLE.key), floor="circle"),
            *_boxes(circle_from, size // 5),
            LaidSection("BALCONY", "Balcony", balcony, _upper_category(BALCONY.key), floor="balcony"),
        )
        return Layout(sections, tuple(replace(_STAGE, floor=floor.id) for floor in FLOORS), floors=FLOORS)


def _boxes(radius: float, count: int) -> tuple[AnySection, ...]:
    """Boxes for four on the level of the circle, on both sides from its ends towards the stage."""
    sides = []
    for word, name, sign in (("BL", "Boxes left", -1), ("BR", "Boxes right", 1)):
        angles = [radians(46) + (nth + 0.5) * _BOX_PITCH / radius for nth in range(count)]
        middles = tuple(on_circle(radius, sign * angle) for angle in angles)
        sides.append(
            LaidTables(
                word, name, middles, persons=4, book="whole", category=BOX.key, prefix="Box ", floor="circle",
                size=(1.1, 1.1),
            )
        )  # fmt: skip
    return tuple(sides)


def _arcs(first_radius: float, rows: int, degrees: tuple[int, ...]) -> tuple[RowShape, ...]:
    bounds = [radians(angle) for angle in degrees]
    return tuple(arc_row(first_radius + row * ROW_PITCH, bounds) for row in range(rows))


def _stalls_category(spot: Spot) -> str:
    return PREMIUM.key if 0.1 <= spot.depth <= 0.6 and spot.off_centre < 0.6 else STALLS.key


def _upper_category(key: str) -> Callable[[Spot], str]:
    """The balcony's own category; from the two seats at either end of a row the stage is partly hidden."""
    return lambda spot: RESTRICTED_VIEW if spot.from_side < 2 else key
