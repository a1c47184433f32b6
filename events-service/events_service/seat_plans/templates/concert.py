"""Rooms for music and comedy: a concert hall in the round, a club to stand in with a mezzanine, a cabaret with
tables.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, radians

from events_service.seat_plans.geometry import RowShape, arc_row, disc, rectangle, straight_row
from events_service.seat_plans.layout import (
    RESTRICTED_VIEW,
    LaidSection,
    LaidStanding,
    LaidTables,
    Layout,
    Spot,
)
from events_service.seat_plans.plan import Category, Floor, PlanObject
from events_service.seat_plans.template import RoomTemplate

ROW_PITCH = 1.2
_TABLE_SEATS = 4
_TABLE_PITCH = 3.6

GOLD = Category("gold", "Gold", 1)
SILVER = Category("silver", "Silver", 2)
BRONZE = Category("bronze", "Bronze", 3)
CHOIR = Category("choir", "Behind the stage", 4)
FLOOR = Category("floor", "Floor, standing", 2)
MEZZANINE = Category("mezzanine", "Mezzanine", 3)
SIDE_VIEW = Category(RESTRICTED_VIEW, "Side view", 5)
STAGE_TABLE = Category("stage-table", "Stage table for four", 2)
TABLE = Category("table", "Seat at a table", 3)


class ConcertHall(RoomTemplate):
    """Arcs all the way round the conductor: stalls, terraces at both sides, choir seats behind the stage, and a balcony
    around them.
    """

    name = "concert-hall"
    title = "Concert hall"
    capacity = 1508
    categories = (GOLD, SILVER, BRONZE, CHOIR)
    floors = (Floor("hall", "Hall"), Floor("balcony", "Balcony"))

    def layout(self, size: int) -> Layout:
        balcony_from, balcony_rows = 9.0 + size * 0.7 * ROW_PITCH, size // 5

        def balcony(word: str, name: str, *degrees: int, accessible_row: int | None = None) -> LaidSection:
            rows = _arcs(balcony_from, balcony_rows, *degrees)
            return LaidSection(word, name, rows, _always(BRONZE), accessible_row=accessible_row, floor="balcony")

        sections = (
            LaidSection("STALLS", "Stalls", _arcs(9.0, size, -42, -14, 14, 42), self._stalls, accessible_row=-1),
            LaidSection("LEFT", "Left terrace", _arcs(9.0, size // 3, -140, -96, -52), _always(SILVER)),
            LaidSection("RIGHT", "Right terrace", _arcs(9.0, size // 3, 52, 96, 140), _always(SILVER)),
            LaidSection("CHOIR", "Choir", _arcs(9.0, size // 3, 148, 180, 212), _always(CHOIR)),
            balcony("BALCONY", "Balcony", -60, -36, -12, 12, 36, 60, accessible_row=0),
            balcony("BL", "Balcony left", -140, -103, -66),
            balcony("BR", "Balcony right", 66, 103, 140),
            balcony("ORGAN", "Organ balcony", 146, 180, 214),
        )
        stages = tuple(
            PlanObject("stage", "Stage", disc((0.0, 0.0), 7.0, corners=16), floor=floor.id) for floor in self.floors
        )
        return Layout(sections, stages, floors=self.floors)

    @staticmethod
    def _stalls(spot: Spot) -> str:
        return GOLD.key if spot.depth <= 0.65 and spot.off_centre < 0.7 else SILVER.key


class Club(RoomTemplate):
    """A floor to stand on before a small stage, and above it a mezzanine with numbered seats around three sides."""

    name = "club"
    title = "Club"
    capacity = 312
    categories = (FLOOR, MEZZANINE, SIDE_VIEW)
    floors = (Floor("floor", "Floor"), Floor("mezzanine", "Mezzanine"))

    def layout(self, size: int) -> Layout:
        half = 2 + size // 2
        length = size * ROW_PITCH
        edge, behind, depth = half + 2.0, 4.0 + length + 2.0, 1 + size // 6
        floor = LaidStanding(
            "FLOOR", "Floor", rectangle(-half, 3.0, 2 * half, length), capacity=size * half * 2, category=FLOOR.key
        )

        def side(angle: float) -> tuple[RowShape, ...]:
            sign = -1 if angle < 0 else 1
            return tuple(
                straight_row([size], origin=(sign * (edge + row * ROW_PITCH), 4.0 + length / 2), angle=angle)
                for row in range(depth)
            )

        back = tuple(straight_row([half, half], origin=(0.0, behind + row * ROW_PITCH)) for row in range(depth))
        sections = (
            floor,
            LaidSection("LEFT", "Mezzanine left", side(-pi / 2), self._side, floor="mezzanine"),
            LaidSection("BACK", "Mezzanine", back, _always(MEZZANINE), accessible_row=0, floor="mezzanine"),
            LaidSection("RIGHT", "Mezzanine right", side(pi / 2), self._side, floor="mezzanine"),
        )
        stages = tuple(
            PlanObject("stage", "Stage", rectangle(-half, -2.0, 2 * half, 4.0), floor=floor.id) for floor in self.floors
        )
        bar = PlanObject("bar", "Bar", rectangle(-half, 3.0 + length + 1.0, 2 * half, 1.2))
        return Layout(sections, (*stages, bar), focal=(0.0, 1.0), floors=self.floors)

    @staticmethod
    def _side(spot: Spot) -> str:
        return MEZZANINE.key if spot.row == 0 else RESTRICTED_VIEW


class Cabaret(RoomTemplate):
    """Round tables of four in staggered lines: those before the stage are sold whole, the others by seat."""

    name = "cabaret"
    title = "Cabaret"
    capacity = 136
    categories = (STAGE_TABLE, TABLE)

    def layout(self, size: int) -> Layout:
        across = size + 3
        lines = [
            tuple(
                ((column - (across - 1) / 2 + (line % 2) / 2) * _TABLE_PITCH, 5.0 + line * _TABLE_PITCH * 0.9)
                for column in range(across)
            )
            for line in range(size)
        ]
        sections = (
            LaidTables("STAGE", "Stage tables", lines[0], _TABLE_SEATS, "whole", STAGE_TABLE.key),
            LaidTables(
                "TABLES",
                "Tables",
                tuple(middle for line in lines[1:] for middle in line),
                _TABLE_SEATS,
                "seat",
                TABLE.key,
                first=across + 1,
            ),
        )
        width = max(4.0, across * 1.5)
        stage = PlanObject("stage", "Stage", rectangle(-width / 2, -2.0, width, 4.0))
        # A number right after the table's would read as one: T1 seat 3 is T1-3, not T13.
        return Layout(sections, (stage,), focal=(0.0, 1.0), numbering="{row}-{number}")


def _arcs(first_radius: float, rows: int, *degrees: int) -> tuple[RowShape, ...]:
    bounds = [radians(angle) for angle in degrees]
    return tuple(arc_row(first_radius + row * ROW_PITCH, bounds) for row in range(rows))


def _always(category: Category) -> Callable[[Spot], str]:
    return lambda _: category.key
