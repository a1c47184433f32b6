"""Places for a party with a wheelchair: the space, its companion's seat, and the others as near as can be."""

from collections.abc import Iterator, Sequence

from booking_service.choosing.house import House, Space, both, either
from booking_service.choosing.measures import Measure, Nearness
from booking_service.choosing.split import split
from booking_service.choosing.together import Found, leaves_single, together

SPACES_TRIED = 3
"""Where nobody finds the whole party beside a space: so many free ones, best first, around which it is seated."""


def accessible(house: House, free: bytes, wanted: bytes, count: int, measure: Measure) -> tuple[list[Found], bool]:
    """Ways to seat `count` people of whom one comes in a wheelchair, best first; and whether all are neighbours."""
    pool = both(free, wanted)
    spaces = [space for space in house.spaces if _is_free(space, pool, count)]
    cores = sorted((measure.some([space.wheelchair]), _core(space, count)) for space in spaces)
    seats = both(pool, house.seats)
    if seats.count(1) < count - 1:  # others have taken nearly all of them: then this party may have what is kept back
        seats = both(pool, either(house.seats, house.kept_back))
    beside = [_beside(house, core, seats, count, measure) for _, core in cores]
    found = sorted(one for one in beside if one)
    if found:
        return found, True
    return sorted(
        near for _, core in cores[:SPACES_TRIED] for near in _near(house, core, seats, count - len(core), measure)
    ), False


def _is_free(space: Space, pool: bytes, count: int) -> bool:
    return bool(pool[space.wheelchair] and (count == 1 or space.companion is None or pool[space.companion]))


def _core(space: Space, count: int) -> tuple[int, ...]:
    """The space and, for more than one person, its companion's seat."""
    if count == 1 or space.companion is None:
        return (space.wheelchair,)
    return tuple(sorted((space.wheelchair, space.companion)))


def _beside(house: House, core: Sequence[int], seats: bytes, count: int, measure: Measure) -> Found | None:
    """The best block of neighbours with the core in it; single seats beside it only where it cannot be helped."""
    line = house.line_of(core[0])
    if not line.start <= core[-1] < line.end:
        return None
    blocks: Iterator[tuple[bool, Found]] = (
        (leaves_single(line, seats, first, first + count), Found(measure.some(places), places))
        for first in range(max(line.start, core[-1] - count + 1), min(core[0], line.end - count) + 1)
        for places in [tuple(range(first, first + count))]
        if all(seats[place] or place in core for place in places)
    )
    best = min(blocks, default=None)
    return best[1] if best else None


def _near(house: House, core: Sequence[int], seats: bytes, missing: int, measure: Measure) -> Iterator[Found]:
    """The core, and the others of the party as near to it as they can be seated."""
    if not missing:  # the companion's seat is across an aisle, or behind
        yield Found(measure.some(core), tuple(core))
        return
    without_core = bytearray(seats)
    for place in core:
        without_core[place] = 0
    pool = bytes(without_core)
    nearness = Nearness(house, house.middle_of(core))
    others = together(house, pool, pool, missing, nearness, most=1) or split(house, pool, missing, nearness)[:1]
    for one in others:
        yield Found(measure.some(core) + one.cost, tuple(sorted((*core, *one.places))))
