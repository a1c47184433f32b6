"""Rooms for music and comedy: a concert hall in the round, a club with a mezzanine, a cabaret with tables."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, radians

from events_service.seat_plans.geometry import Block, arc_row, disc, on_circle, rectangle, straight_row
from events_service.seat_plans.layout import RESTRICTED_VIEW, LaidSection, Layout, Spot
from events_service.seat_plans.plan import Category, PlanObject, Point
from events_service.seat_plans.template import RoomTemplate

ROW_PITCH = 1.2
_TABLE_SEATS = 4
_TABLE_PITCH = 3.6

GOLD = Category("gold", "Gold", 1)
SILVER = Category("silver", "Silver", 2)
BRONZE = Category("bronze", "Bronze", 3)
CHOIR = Category("choir", "Behind the stage", 4)
FLOOR = Category("floor", "Floor", 2)
MEZZANINE = Category("mezzanine", "Mezzanine", 3)
SIDE_VIEW = Category(RESTRICTED_VIEW, "Side view", 5)
STAGE_TABLE = Category("stage-table", "Stage table", 2)
TABLE = Category("table", "Table", 3)


class ConcertHall(RoomTemplate):
    """Arcs around the conductor: stalls, terraces at both sides, choir seats behind the stage, a balcony."""

    name = "concert-hall"
    title = "Concert hall"
    capacity = 1508
    categories = (GOLD, SILVER, BRONZE, CHOIR)

    def layout(self, size: int) -> Layout:
        balcony_from = 9.0 + size * ROW_PITCH + 2.5
        sections = (
            LaidSection("STALLS", "Stalls", _arcs(9.0, size, -42, -14, 14, 42), self._stalls, accessible_row=-1),
            LaidSection("LEFT", "Left terrace", _arcs(9.0, size // 3, -98, -54), _always(SILVER)),
            LaidSection("RIGHT", "Right terrace", _arcs(9.0, size // 3, 54, 98), _always(SILVER)),
            LaidSection(
                "BALCONY",
                "Balcony",
                _arcs(balcony_from, size // 3, -60, -36, -12, 12, 36, 60),
                _always(BRONZE),
                accessible_row=0,
            ),
            LaidSection("CHOIR", "Choir", _arcs(9.0, size // 4, 148, 180, 212), _always(CHOIR)),
        )
        stage = PlanObject("stage", "Stage", disc((0.0, 0.0), 7.0, corners=16))
        return Layout(sections, (stage,))

    @staticmethod
    def _stalls(spot: Spot) -> str:
        return GOLD.key if spot.depth <= 0.65 and spot.off_centre < 0.7 else SILVER.key


class Club(RoomTemplate):
    """Rows before a small stage and a mezzanine around three sides of the room."""

    name = "club"
    title = "Club"
    capacity = 312
    categories = (FLOOR, MEZZANINE, SIDE_VIEW)

    def layout(self, size: int) -> Layout:
        half = 1 + size // 2
        floor = tuple(straight_row([half, half], origin=(0.0, 4.0 + row * ROW_PITCH)) for row in range(size))
        edge = half + 3.5
        behind = 4.0 + size * ROW_PITCH + 2.0
        depth = size // 5
        length, middle = size, 4.0 + size * ROW_PITCH / 2

        def side(angle: float) -> tuple[tuple[Block, ...], ...]:
            sign = -1 if angle < 0 else 1
            return tuple(
                straight_row([length], origin=(sign * (edge + row * ROW_PITCH), middle), angle=angle)
                for row in range(depth)
            )

        back = tuple(straight_row([half, half], origin=(0.0, behind + row * ROW_PITCH)) for row in range(depth))
        sections = (
            LaidSection("FLOOR", "Floor", floor, _always(FLOOR), accessible_row=-1),
            LaidSection("LEFT", "Mezzanine left", side(-pi / 2), self._side),
            LaidSection("BACK", "Mezzanine", back, _always(MEZZANINE)),
            LaidSection("RIGHT", "Mezzanine right", side(pi / 2), self._side),
        )
        bar = PlanObject("bar", "Bar", rectangle(-half, behind + depth * ROW_PITCH + 1.0, 2 * half, 1.2))
        stage = PlanObject("stage", "Stage", rectangle(-half, -2.0, 2 * half, 4.0))
        return Layout(sections, (stage, bar), focal=(0.0, 1.0))

    @staticmethod
    def _side(spot: Spot) -> str:
        return MEZZANINE.key if spot.row == 0 else RESTRICTED_VIEW


class Cabaret(RoomTemplate):
    """Round tables of four in staggered lines; the row of a seat is its table."""

    name = "cabaret"
    title = "Cabaret"
    capacity = 140
    categories = (STAGE_TABLE, TABLE)

    def layout(self, size: int) -> Layout:
        across = size + size // 2
        centres = [
            ((column - (across - 1) / 2 + (line % 2) / 2) * _TABLE_PITCH, 5.0 + line * _TABLE_PITCH * 0.9)
            for line in range(size)
            for column in range(across)
        ]
        section = LaidSection(
            "TABLES",
            "Tables",
            tuple((_around_table(centre),) for centre in centres),
            lambda spot: STAGE_TABLE.key if spot.row < across else TABLE.key,
            row_label=lambda index: f"T{index + 1}",
        )
        tables = tuple(PlanObject("table", f"T{n}", disc(centre, 0.55)) for n, centre in enumerate(centres, start=1))
        width = max(4.0, across * 1.5)
        stage = PlanObject("stage", "Stage", rectangle(-width / 2, -2.0, width, 4.0))
        # A number right after the table's would read as one: T1 seat 3 is T1-3, not T13.
        return Layout((section,), (stage, *tables), focal=(0.0, 1.0), numbering="{row}-{number}")


def _around_table(centre: Point) -> Block:
    return tuple(on_circle(1.0, 2 * pi * (seat + 0.5) / _TABLE_SEATS, centre=centre) for seat in range(_TABLE_SEATS))


def _arcs(first_radius: float, rows: int, *degrees: int) -> tuple[tuple[Block, ...], ...]:
    bounds = [radians(angle) for angle in degrees]
    return tuple(arc_row(first_radius + row * ROW_PITCH, bounds) for row in range(rows))


def _always(category: Category) -> Callable[[Spot], str]:
    return lambda _: category.key
