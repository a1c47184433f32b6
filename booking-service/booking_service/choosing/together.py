"""Blocks of neighbours: so many free places in a line, without a single free one left over beside them.

`pool` are the places that may be given, `free` those that anybody else could still take: a seat of another category
is no choice for this party, and still company for the seat beside it.
"""

from bisect import insort
from collections.abc import Iterator
from typing import NamedTuple

from booking_service.choosing.house import House, Line
from booking_service.choosing.measures import Measure


class Found(NamedTuple):
    """Neighbours, in the order in which they sit."""

    cost: float
    places: tuple[int, ...]


def together(house: House, pool: bytes, free: bytes, count: int, measure: Measure, *, most: int) -> list[Found]:
    """The `most` best blocks of `count` neighbours, best first, no place in two of them.

    Those that leave a single free place between them and the end, or a taken one, are given only when there is no
    other: a rule without this exception would make a house's last seats unsellable.
    """
    good: list[Found] = []
    poor: list[Found] = []
    whole = b"\1" * count
    for bound, line in measure.lines():
        if len(good) >= most and bound >= good[-1].cost:
            break
        if line.end - line.start < count:
            continue
        of_line = _around if line.is_cyclic else _along
        for found, is_poor in of_line(line, pool, free, whole, measure):
            insort(poor if is_poor else good, found)
        del good[most:], poor[most:]
    return good or poor


def _along(line: Line, pool: bytes, free: bytes, whole: bytes, measure: Measure) -> Iterator[tuple[Found, bool]]:
    """The blocks of a line that has two ends."""
    count = len(whole)
    start = pool.find(whole, line.start, line.end)
    while start >= 0:
        end = pool.find(0, start + count, line.end)
        if end < 0:
            end = line.end
        costs = {
            first: measure.stretch(first, first + count)
            for first in range(start, end - count + 1)
            if not leaves_single(line, free, first, first + count)
        }
        if costs:
            # The best one, and those that follow on both sides without a gap: whoever takes one leaves the next whole.
            best = min(costs, key=costs.__getitem__)
            for first in (*range(best, start - 1, -count), *range(best + count, end - count + 1, count)):
                if first in costs:
                    yield Found(costs[first], tuple(range(first, first + count))), False
        else:
            first = min(range(start, end - count + 1), key=lambda first: measure.stretch(first, first + count))
            yield Found(measure.stretch(first, first + count), tuple(range(first, first + count))), True
        start = pool.find(whole, end, line.end)


def _around(line: Line, pool: bytes, free: bytes, whole: bytes, measure: Measure) -> Iterator[tuple[Found, bool]]:
    """The best block of a line whose last place is beside the first, such as the seats around a table."""
    count, length = len(whole), line.end - line.start
    best: tuple[bool, Found] | None = None
    for first in range(1 if count == length else length):
        places = [line.start + (first + step) % length for step in range(count)]
        if not all(pool[place] for place in places):
            continue
        left = [line.start + (first + count + step) % length for step in range(length - count)]
        is_single = _has_single_end([bool(free[place]) for place in left])
        candidate = (is_single, Found(measure.some(places), tuple(places)))
        if best is None or candidate < best:
            best = candidate
    if best is not None:
        yield best[1], best[0]


def leaves_single(line: Line, free: bytes, start: int, end: int) -> bool:
    """Whether taking `start` to `end` leaves one free place alone on either side, which few people would buy."""
    return bool(
        (start > line.start and free[start - 1] and (start - 2 < line.start or not free[start - 2]))
        or (end < line.end and free[end] and (end + 1 >= line.end or not free[end + 1]))
    )


def _has_single_end(left: list[bool]) -> bool:
    """Whether, of the places that are left beside a block around a table, the first or last free one is alone."""
    if not left:
        return False
    return (left[0] and not any(left[1:2])) or (left[-1] and not any(left[-2:-1]))
