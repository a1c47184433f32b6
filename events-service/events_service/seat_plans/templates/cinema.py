"""Cinemas: straight or slightly bent rows before a screen, wheelchair places in front."""

from __future__ import annotations

from events_service.seat_plans.geometry import RowShape, rectangle, straight_row
from events_service.seat_plans.layout import LaidSection, Layout, Spot
from events_service.seat_plans.plan import Category, PlanObject
from events_service.seat_plans.template import RoomTemplate

ROW_PITCH = 1.25
_FIRST_ROW = 4.0

FRONT = Category("front", "Front rows", 4)
STANDARD = Category("standard", "Standard", 3)
PREMIUM = Category("premium", "Premium", 2)


class SmallCinema(RoomTemplate):
    """One block of straight rows between two walls."""

    name = "cinema-small"
    title = "Cinema, small room"
    capacity = 96
    categories = (PREMIUM, STANDARD)

    def layout(self, size: int) -> Layout:
        width = size + (size + 1) // 2
        rows = tuple(straight_row([width], origin=(0, _FIRST_ROW + row * ROW_PITCH)) for row in range(size))
        section = LaidSection("MAIN", "Main", rows, _premium_at_the_back, accessible_row=0)
        return Layout((section,), (_screen(width),))


class LargeCinema(RoomTemplate):
    """Bent rows in three blocks with two aisles."""

    name = "cinema-large"
    title = "Cinema, large room"
    capacity = 325
    categories = (PREMIUM, STANDARD, FRONT)

    def layout(self, size: int) -> Layout:
        side, middle = 1 + size // 3, 2 + size
        rows = tuple(
            straight_row([side, middle, side], origin=(0, _FIRST_ROW + 1 + row * ROW_PITCH), bend=0.4)
            for row in range(size)
        )
        section = LaidSection("MAIN", "Main", rows, self._category, accessible_row=0)
        return Layout((section,), (_screen(middle + side),))

    @staticmethod
    def _category(spot: Spot) -> str:
        if spot.rows > 4 and spot.row < 2:
            return FRONT.key
        return PREMIUM.key if 0.55 <= spot.depth <= 0.85 and spot.off_centre < 0.55 else STANDARD.key


class OddCinema(RoomTemplate):
    """An old picture house: a middle aisle with odd numbers on its left and even numbers on its right, rows of unequal
    length, a cross aisle, and a corner lost to the door.
    """

    name = "cinema-odd"
    title = "Cinema, old picture house"
    capacity = 197
    categories = (PREMIUM, STANDARD, FRONT)

    def layout(self, size: int) -> Layout:
        section = LaidSection(
            "MAIN",
            "Main",
            tuple(self._row(row, size) for row in range(size)),
            self._category,
            accessible_row=0,
            odd_even=True,
        )
        door = PlanObject("exit", "Exit", rectangle(-size // 2 - 3, _FIRST_ROW + size * ROW_PITCH, 2, 1))
        return Layout((section,), (_screen(size), door))

    @staticmethod
    def _row(row: int, size: int) -> RowShape:
        half = 2 + size // 2
        left = half + row % 2 - min(2, row // 2)
        right = half + (row + 1) % 2
        if row >= size - 2 and size > 4:
            left -= 2
        cross_aisle = 1.25 if row > size // 2 else 0.0
        width = max(left, right)
        full = straight_row([width, width], origin=(0, _FIRST_ROW + row * ROW_PITCH + cross_aisle))
        return full.without(width - left, width - right)

    @staticmethod
    def _category(spot: Spot) -> str:
        if spot.rows > 4 and spot.row < 2:
            return FRONT.key
        return _premium_at_the_back(spot)


def _premium_at_the_back(spot: Spot) -> str:
    return PREMIUM.key if spot.rows > 4 and spot.row >= spot.rows - 3 else STANDARD.key


def _screen(seats_wide: int) -> PlanObject:
    width = max(3.0, seats_wide * 0.9)
    return PlanObject("screen", "Screen", rectangle(-width / 2, -0.2, width, 0.4))
