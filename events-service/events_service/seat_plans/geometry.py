"""Where the seats of a row stand: straight rows and arcs, cut into blocks by aisles.

Lengths are in seat widths. An angle is measured at the focal point, from the line that runs straight away from
the stage: 0 is the middle of the house, negative is the left as one faces the stage. Blocks and the points in
them run from left to right as seen from the seats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from events_service.seat_plans.plan import Point

SEAT_PITCH = 1.0
# A last seat must not vanish because 12 seat widths came out as 11.999999999999998.
_TOLERANCE = 1e-9

Block = tuple[Point, ...]


def straight_row(
    widths: Sequence[int], *, aisle: float = 1.5, origin: Point = (0.0, 0.0), angle: float = 0.0, bend: float = 0.0
) -> tuple[Block, ...]:
    """Blocks of `widths` seats beside each other, `aisle` apart, centred on `origin`.

    `angle` turns the row to face the point it would see from that angle. `bend` draws the ends of the row
    towards the stage: 0 is straight, 0.4 a clear curve.
    """
    length = sum(widths) * SEAT_PITCH + aisle * (len(widths) - 1)
    sag = bend / max(length, 1.0)
    right, back = (math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))
    blocks: list[Block] = []
    left = -length / 2
    for width in widths:
        block: list[Point] = []
        for seat in range(width):
            across = left + (seat + 0.5) * SEAT_PITCH
            away = -sag * across * across
            block.append(
                (
                    origin[0] + across * right[0] + away * back[0],
                    origin[1] + across * right[1] + away * back[1],
                )
            )
        blocks.append(tuple(block))
        left += width * SEAT_PITCH + aisle
    return tuple(blocks)


def arc_row(
    radius: float, bounds: Sequence[float], *, aisle: float = 1.5, centre: Point = (0.0, 0.0)
) -> tuple[Block, ...]:
    """Blocks on one circle, each between two neighbouring angles of `bounds` (radians), as full as they can be
    with half an aisle kept free at both ends of each block. A block too narrow for one seat is empty.
    """
    blocks: list[Block] = []
    for start, end in pairwise(bounds):
        seats = max(0, math.floor(((end - start) * radius - aisle) / SEAT_PITCH + _TOLERANCE))
        middle, step = (start + end) / 2, SEAT_PITCH / radius
        angles = (middle + (seat - (seats - 1) / 2) * step for seat in range(seats))
        blocks.append(tuple(on_circle(radius, angle, centre=centre) for angle in angles))
    return tuple(blocks)


def on_circle(radius: float, angle: float, *, centre: Point = (0.0, 0.0)) -> Point:
    """The point at this distance and angle from `centre`."""
    return (centre[0] + radius * math.sin(angle), centre[1] + radius * math.cos(angle))


def rectangle(left: float, top: float, width: float, height: float) -> tuple[Point, ...]:
    """The four corners, for the outline of an object."""
    return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))


def disc(centre: Point, radius: float, *, corners: int = 12) -> tuple[Point, ...]:
    """A circle as a polygon, for the outline of an object."""
    return tuple(on_circle(radius, 2 * math.pi * corner / corners, centre=centre) for corner in range(corners))
