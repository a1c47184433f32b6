"""The shapes of sections: what a map draws while its seats are too small to be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, hypot

from events_service.seat_plans.geometry import Arc, RowShape, rectangle
from shared.contracts.seat_plan import Point

Polygon = tuple[Point, ...]

_MARGIN = 0.7
"""From the middle of an outer seat to the outline: half of an aisle stays free between neighbouring sections."""
_RADIANS_PER_CORNER = 0.12
_FINE, _COARSE = 0.15, 0.4
"""How far a corner must stand out to be kept. Coarse along the sides, where rows of odd and even length alternate."""


def around_rows(rows: Sequence[RowShape]) -> Polygon:
    """Along the front row, back along the last seats of all rows, the back row, and the first seats."""
    front, back = rows[0], rows[-1]
    return (
        *_thinned(_along(front, -_MARGIN), _FINE),
        *_thinned([row.curve.at(row.steps[-1] + _MARGIN) for row in rows], _COARSE),
        *_thinned(_along(back, _MARGIN)[::-1], _FINE),
        *_thinned([row.curve.at(row.steps[0] - _MARGIN) for row in reversed(rows)], _COARSE),
    )


def around_points(points: Sequence[Point], margin: float) -> Polygon:
    """The rectangle around these points."""
    left, top = min(x for x, _ in points) - margin, min(y for _, y in points) - margin
    right, bottom = max(x for x, _ in points) + margin, max(y for _, y in points) + margin
    return rectangle(left, top, right - left, bottom - top)


def hull(points: Sequence[Point]) -> Polygon:
    """The least convex shape around these seats (Andrew's monotone chain)."""
    corners = sorted(
        {(x + side, y + end) for x, y in points for side in (-_MARGIN, _MARGIN) for end in (-_MARGIN, _MARGIN)}
    )
    return (*_half_hull(corners), *_half_hull(corners[::-1]))


def _half_hull(corners: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for x, y in corners:
        while len(chain) > 1:
            (ax, ay), (bx, by) = chain[-2], chain[-1]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            chain.pop()
        chain.append((x, y))
    return chain[:-1]


def _along(row: RowShape, behind: float) -> list[Point]:
    """From the row's left end to its right, `behind` it."""
    first, last = row.steps[0] - _MARGIN, row.steps[-1] + _MARGIN
    if isinstance(row.curve, Arc):
        parts = ceil((last - first) * row.curve.da / _RADIANS_PER_CORNER)
        steps = [first + (last - first) * part / parts for part in range(parts + 1)]
    else:
        steps = [first, *row.steps, last]
    points = []
    for step in steps:
        (x, y), (away_x, away_y) = row.curve.at(step), row.curve.behind(step)
        points.append((x + behind * away_x, y + behind * away_y))
    return points


def _thinned(points: Sequence[Point], least: float) -> list[Point]:
    """The corners that stand out by so much from the way between those that stay (Ramer, Douglas, Peucker)."""
    if len(points) < 3:
        return list(points)
    (x, y), (end_x, end_y) = points[0], points[-1]
    dx, dy = end_x - x, end_y - y
    length = hypot(dx, dy)
    off = [abs((px - x) * dy - (py - y) * dx) / length if length else hypot(px - x, py - y) for px, py in points[1:-1]]
    furthest = max(range(len(off)), key=off.__getitem__)
    if off[furthest] < least:
        return [points[0], points[-1]]
    middle = furthest + 1
    return [*_thinned(points[: middle + 1], least), *_thinned(points[middle:], least)[1:]]
