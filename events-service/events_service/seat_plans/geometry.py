"""Where the seats of a row stand: straight rows and arcs, cut into blocks by aisles.

Lengths are in seat widths. An angle is measured at the focal point, from the line that runs straight away from
the stage: 0 is the middle of the house, negative is the left as one faces the stage. Blocks and the seats in
them run from left to right as seen from the seats.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from shared.contracts.seat_plan import Point

SEAT_PITCH = 1.0
# A last seat must not vanish because 12 seat widths came out as 11.999999999999998.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """A straight row: its first seat, and the way from each seat to the next."""

    x: float
    y: float
    dx: float
    dy: float

    def at(self, step: float) -> Point:
        """The point `step` seats along the row."""
        return (self.x + step * self.dx, self.y + step * self.dy)

    def behind(self, _step: float) -> Point:
        """The direction away from the stage."""
        pitch = math.hypot(self.dx, self.dy)
        return (-self.dy / pitch, self.dx / pitch)

    def moved(self, across: float, away: float, *, to_step: float) -> Line:
        """The line elsewhere, begun `to_step` seats further on."""
        x, y = self.at(to_step)
        return replace(self, x=x + across, y=y + away)

    def as_json(self) -> dict[str, Any]:
        """For the plan document."""
        return {"line": [round(self.x, 2), round(self.y, 2), round(self.dx, 4), round(self.dy, 4)]}


@dataclass(frozen=True, slots=True)
class Arc:
    """A row on a circle: the angle of its first seat, and the angle from each seat to the next."""

    cx: float
    cy: float
    r: float
    a0: float
    da: float

    def at(self, step: float) -> Point:
        """The point `step` seats along the row."""
        return on_circle(self.r, self.a0 + step * self.da, centre=(self.cx, self.cy))

    def behind(self, step: float) -> Point:
        """The direction away from the stage."""
        return on_circle(1.0, self.a0 + step * self.da)

    def moved(self, across: float, away: float, *, to_step: float) -> Arc:
        """The arc elsewhere, begun `to_step` seats further on."""
        return replace(self, cx=self.cx + across, cy=self.cy + away, a0=self.a0 + to_step * self.da)

    def as_json(self) -> dict[str, Any]:
        """For the plan document. Angles in fractions that are too small to see at the end of a long row."""
        return {"arc": [round(self.cx, 2), round(self.cy, 2), round(self.r, 2), round(self.a0, 4), round(self.da, 5)]}


@dataclass(frozen=True, slots=True)
class Points:
    """A row that was surveyed seat by seat, with how far along the row each seat is."""

    points: tuple[Point, ...]
    steps: tuple[float, ...]

    def at(self, step: float) -> Point:
        """The point `step` seats along the row, on straight ways between the seats and beyond the ends."""
        if len(self.points) == 1:
            return (self.points[0][0] + step - self.steps[0], self.points[0][1])
        nth = self._before(step)
        (x, y), (next_x, next_y) = self.points[nth], self.points[nth + 1]
        share = (step - self.steps[nth]) / (self.steps[nth + 1] - self.steps[nth])
        return (x + share * (next_x - x), y + share * (next_y - y))

    def behind(self, step: float) -> Point:
        """The direction away from the stage."""
        if len(self.points) == 1:
            return (0.0, 1.0)
        nth = self._before(step)
        (x, y), (next_x, next_y) = self.points[nth], self.points[nth + 1]
        length = math.hypot(next_x - x, next_y - y) or 1.0
        return ((y - next_y) / length, (next_x - x) / length)

    def moved(self, across: float, away: float, *, to_step: float) -> Points:
        """The points elsewhere, those before `to_step` left out."""
        first = self.steps.index(to_step)
        return Points(tuple((x + across, y + away) for x, y in self.points[first:]), self.steps[first:])

    def as_json(self) -> dict[str, Any]:
        """For the plan document, in hundredths, each as its way from the one before."""
        columns = [[round(value * 100) for value in column] for column in zip(*self.points, strict=True)]
        x, y = ([column[0], *(after - before for before, after in pairwise(column))] for column in columns)
        return {"pts": {"x": x, "y": y, "unit": 0.01}}

    def _before(self, step: float) -> int:
        return min(max(bisect_right(self.steps, step) - 1, 0), len(self.points) - 2)


Curve = Line | Arc | Points


@dataclass(frozen=True, slots=True)
class RowShape:
    """Seats along a curve; `steps` says how far each is from the curve's beginning, in seats. A way of more than one
    from a seat to the next is an aisle.
    """

    curve: Curve
    steps: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.steps)

    def points(self) -> list[Point]:
        """Where the seats stand."""
        return [self.curve.at(step) for step in self.steps]

    def gaps(self) -> list[tuple[int, float]]:
        """The aisles: the seat before each, and its width."""
        ways = (after - before - 1 for before, after in pairwise(self.steps))
        return [(seat, round(way, 2)) for seat, way in enumerate(ways) if way > 0.005]

    def without(self, left: int, right: int) -> RowShape:
        """The row without its outer seats."""
        return replace(self, steps=self.steps[left : len(self.steps) - right])


def straight_row(
    widths: Sequence[int], *, aisle: float = 1.5, origin: Point = (0.0, 0.0), angle: float = 0.0, bend: float = 0.0
) -> RowShape:
    """Blocks of `widths` seats beside each other, `aisle` apart, centred on `origin`.

    `angle` turns the row to face the point it would see from that angle. `bend` draws the ends of the row
    towards the stage: 0 is straight, 0.4 a clear curve.
    """
    length = sum(widths) * SEAT_PITCH + aisle * (len(widths) - 1)
    steps: list[float] = []
    beside = 0.0
    for width in widths:
        steps += [beside + seat for seat in range(width)]
        beside += width + aisle
    first = -length / 2 + SEAT_PITCH / 2
    if bend:
        radius = max(length, 1.0) / (2 * bend)
        cx, cy = origin[0] - radius * math.sin(angle), origin[1] - radius * math.cos(angle)
        return RowShape(Arc(cx, cy, radius, angle + first / radius, SEAT_PITCH / radius), tuple(steps))
    dx, dy = math.cos(angle), -math.sin(angle)
    return RowShape(Line(origin[0] + first * dx, origin[1] + first * dy, dx, dy), tuple(steps))


def arc_row(radius: float, bounds: Sequence[float], *, aisle: float = 1.5, centre: Point = (0.0, 0.0)) -> RowShape:
    """Blocks on one circle, each between two neighbouring angles of `bounds` (radians), as full as they can be
    with half an aisle kept free at both ends of each block. A block too narrow for one seat is empty.
    """
    da = SEAT_PITCH / radius
    steps: list[float] = []
    for start, end in pairwise(bounds):
        seats = max(0, math.floor(((end - start) * radius - aisle) / SEAT_PITCH + _TOLERANCE))
        middle = ((start + end) / 2 - bounds[0]) / da
        steps += [middle + seat - (seats - 1) / 2 for seat in range(seats)]
    return RowShape(Arc(*centre, radius, bounds[0], da), tuple(steps))


def on_circle(radius: float, angle: float, *, centre: Point = (0.0, 0.0)) -> Point:
    """The point at this distance and angle from `centre`."""
    return (centre[0] + radius * math.sin(angle), centre[1] + radius * math.cos(angle))


def rectangle(left: float, top: float, width: float, height: float) -> tuple[Point, ...]:
    """The four corners, for the outline of an object."""
    return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))


def disc(centre: Point, radius: float, *, corners: int = 12) -> tuple[Point, ...]:
    """A circle as a polygon, for the outline of an object."""
    return tuple(on_circle(radius, 2 * math.pi * corner / corners, centre=centre) for corner in range(corners))
