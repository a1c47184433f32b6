"""Where places stand: along a line, on an arc, or around a table. The formulae are those of docs/seat-plans.md and of
`frontend/seat-map/plan.js`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import cos, pi, sin

TABLE_REACH = 0.5
"""From the edge of a table to the middle of who sits at it, in seat widths."""

Columns = tuple[list[float], list[float]]
"""The x and the y of each place."""


def steps_of(n: int, gaps: Iterable[tuple[int, float]]) -> Sequence[float]:
    """How far each of `n` seats is from the first along its row, in seats; `gaps` are (seat before it, width)."""
    widths = [1.0] * n
    widths[0] = 0.0
    for after, width in gaps:
        widths[after + 1] += width
    return list(accumulate(widths))


def on_line(steps: Sequence[float], x: float, y: float, dx: float, dy: float) -> Columns:
    """From (x, y) on by (dx, dy) a seat."""
    return [x + step * dx for step in steps], [y + step * dy for step in steps]


def on_arc(steps: Sequence[float], cx: float, cy: float, r: float, a0: float, da: float) -> Columns:
    """On the circle around (cx, cy), from the angle `a0` on by `da` a seat; 0 is straight away from the stage."""
    angles = [a0 + step * da for step in steps]
    return [cx + r * sin(angle) for angle in angles], [cy + r * cos(angle) for angle in angles]


def around_table(shape: str, n: int, *, x: float, y: float, size: tuple[float, float], rot: float = 0.0) -> Columns:
    """Where the `n` places around a table are, clockwise as drawn, from the side of the stage; `size` is (radius,
    radius) or (width, height).
    """
    if shape == "round":
        radius = size[0] + TABLE_REACH
        angles = [rot + 2 * pi * (place + 0.5) / n for place in range(n)]
        return [x + radius * sin(angle) for angle in angles], [y - radius * cos(angle) for angle in angles]
    width, height = size
    points = [_on_rectangle((place + 0.5) * 2 * (width + height) / n, width, height) for place in range(n)]
    turn, rise = cos(rot), sin(rot)
    return [x + px * turn - py * rise for px, py in points], [y + px * rise + py * turn for px, py in points]


def _on_rectangle(way: float, width: float, height: float) -> tuple[float, float]:
    """The place `way` along the table's edge, clockwise from the corner at the top left, seen from its middle."""
    if way < width:
        return (way - width / 2, -height / 2 - TABLE_REACH)
    way -= width
    if way < height:
        return (width / 2 + TABLE_REACH, way - height / 2)
    way -= height
    if way < width:
        return (width / 2 - way, height / 2 + TABLE_REACH)
    return (-width / 2 - TABLE_REACH, height / 2 - (way - width))
