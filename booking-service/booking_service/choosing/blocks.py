"""The rules on a page: what a party is given of the places that are free (docs/best-available.md)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random

from booking_service.choosing.accessible import accessible
from booking_service.choosing.house import House, both, either
from booking_service.choosing.measures import Measure, Nearness, Quality
from booking_service.choosing.split import split
from booking_service.choosing.together import Found, together
from booking_service.choosing.wishes import Block, Kind, Wish

LOOKED_AT = 24
"""The best so many blocks are told apart; more make the choice no better, only dearer."""
AS_GOOD_COST = 2.0
AS_GOOD_SHARE = 0.08
"""A block is as good as the best one if it costs no more than so many seat widths, or such a share, more."""


def best_blocks(
    house: House,
    free: bytes,
    wish: Wish,
    *,
    prices: Sequence[int],
    rng: Random,
    most: int = 3,
    avoided: frozenset[int] = frozenset(),
) -> list[Block]:
    """At most `most` different blocks for the wish, best first; none when there are not enough places.

    `free` has a 1 for each place that is free, `prices` the price of each category. Of blocks that are as good as the
    best one, chance takes one, so that people who ask at the same time are not all sent to the same places; one
    without any of `avoided`, if there is such.
    """
    if both(free, house.mask(wish)).count(1) < wish.quantity:
        return []
    look = _Look(house, free, Quality(house), rng, with_tables=wish.names_something)
    for found in look.stages(wish):
        if found:
            first = _one_of_the_best(found, rng, avoided)
            cheaper = _cheaper(look, wish, first, prices) if most > 1 and first.is_together else None
            return _disjoint([first, *([cheaper] if cheaper else []), *found], most)
    return []


def nearest_blocks(house: House, free: bytes, wanted: Sequence[int], rng: Random, *, most: int = 1) -> list[Block]:
    """At most `most` different blocks as large as `wanted`, the nearest first: of the same kind, and of the same
    categories if there are such."""
    places = house.places
    measure = Nearness(house, house.middle_of(wanted))
    if any(place in places.persons for place in wanted):
        return _nearest_tables(house, free, wanted, measure)[:most]
    categories = frozenset(places.category[place] for place in wanted)
    flags = (places.flags.get(place, frozenset()) for place in wanted)
    wish = Wish(len(wanted), categories, is_accessible=any("w" in of_place for of_place in flags))
    sections = frozenset(places.section[place] for place in wanted)
    if all(house.standing[place] for place in wanted):
        wishes = [replace(wish, sections=sections), wish]
    else:
        wishes = [wish, replace(wish, categories=None)]
    look = _Look(house, free, measure, rng, with_tables=False, most=most, per_area=most)
    for way in (look.whole, look.in_groups):
        for one in wishes:
            found = next(filter(None, way(one)), None)
            if found:
                return _disjoint(found, most)
    return []


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a house, by one measure. `per_area`: so many blocks of each standing area, of each way `most`."""

    house: House
    free: bytes
    measure: Measure
    rng: Random
    with_tables: bool
    most: int = LOOKED_AT
    per_area: int = 1

    def stages(self, wish: Wish) -> Iterator[list[Block]]:
        """Blocks for the wish, better ways to seat a party first; of each way the best block first."""
        yield from self.whole(wish)
        yield from self.in_groups(wish)
        yield from self._of_what_is_kept_back(wish)

    def whole(self, wish: Wish) -> Iterator[list[Block]]:
        """All in one place, as far as a wheelchair lets them."""
        house, count = self.house, wish.quantity
        wanted = self._wanted(wish)
        if wish.is_accessible:
            found, is_together = accessible(house, self.free, wanted, count, self.measure)
            yield [replace(block, is_accessible=True) for block in _blocks(found, is_together=is_together)]
            return
        yield self._together(both(wanted, house.seats), both(self.free, house.seats), count)
        standing = both(wanted, house.standing)
        yield _in_areas(house, standing, count, self.measure, self.rng, per_area=self.per_area)
        if self.with_tables:  # nobody who asks for four seats, and nothing else, means four tables
            yield _tables(house, both(wanted, house.tables), count, self.measure)

    def in_groups(self, wish: Wish) -> Iterator[list[Block]]:
        """In as few groups as it takes."""
        if not wish.is_accessible:
            yield self._split(both(self._wanted(wish), either(self.house.seats, self.house.standing)), wish.quantity)

    def _of_what_is_kept_back(self, wish: Wish) -> Iterator[list[Block]]:
        """Nothing else is left: the places for people in wheelchairs, and who comes with them, are sold as well."""
        if wish.is_accessible:
            return
        house, wanted = self.house, self._wanted(wish)
        seats = either(house.seats, house.kept_back)
        for found in (
            self._together(both(wanted, seats), both(self.free, seats), wish.quantity),
            self._split(both(wanted, either(seats, house.standing)), wish.quantity),
        ):
            yield [replace(block, uses_kept_back=True) for block in found]

    def _wanted(self, wish: Wish) -> bytes:
        return both(self.free, self.house.mask(wish))

    def _together(self, pool: bytes, free: bytes, count: int) -> list[Block]:
        return _blocks(together(self.house, pool, free, count, self.measure, most=self.most))

    def _split(self, pool: bytes, count: int) -> list[Block]:
        return _blocks(split(self.house, pool, count, self.measure), is_together=False)


def _blocks(found: Sequence[Found], *, is_together: bool = True, kind: Kind = "seats") -> list[Block]:
    return [Block(tuple(sorted(one.places)), one.cost, is_together, kind) for one in found]


def _in_areas(
    house: House, standing: bytes, count: int, measure: Measure, rng: Random, *, per_area: int
) -> list[Block]:
    """Any free places of one area, which are all alike: chance says from where on, so that people seldom meet."""
    found = []
    for area in house.areas:
        places = [place for place in range(area.start, area.end) if standing[place]]
        if len(places) >= count:
            first = rng.randrange(len(places))
            places = places[first:] + places[:first]
            for nth in range(min(per_area, len(places) // count)):
                some = places[nth * count : (nth + 1) * count]
                found.append(Found(measure.some(some), tuple(some)))
    return _blocks(sorted(found), kind="standing")


def _tables(house: House, pool: bytes, count: int, measure: Measure) -> list[Block]:
    """Tables that are sold whole: the best ones, and for more than one those that are nearest to each of them."""
    tables = [place for place in house.places.persons if pool[place]]
    if len(tables) < count:
        return []
    best = sorted(tables, key=lambda table: measure.some([table]))[:LOOKED_AT]
    found = []
    for table in best if count > 1 else ():
        nearness = Nearness(house, house.point(table))
        group = sorted(tables, key=lambda other: nearness.some([other]))[:count]
        found.append(Found(measure.some(group), tuple(group)))
    if count == 1:
        found = [Found(measure.some([table]), (table,)) for table in best]
    return _blocks(sorted(found), is_together=count == 1, kind="tables")


def _nearest_tables(house: House, free: bytes, wanted: Sequence[int], measure: Measure) -> list[Block]:
    """Tables for at least as many persons, of the same category if there are such; the nearest first."""
    places = house.places
    persons = max(places.persons.get(place, 0) for place in wanted)
    categories = {places.category[place] for place in wanted}
    tables = sorted(
        (places.category[table] not in categories, measure.some([table]), table)
        for table, seats in places.persons.items()
        if free[table] and seats >= persons
    )
    size = len(wanted)
    groups = [tables[first : first + size] for first in range(0, len(tables) - size + 1, size)]
    found = [Found(measure.some([table for *_, table in group]), tuple(t for *_, t in group)) for group in groups]
    return _blocks(found, is_together=size == 1, kind="tables")


def _one_of_the_best(found: Sequence[Block], rng: Random, avoided: frozenset[int]) -> Block:
    limit = found[0].cost * (1 + AS_GOOD_SHARE) + AS_GOOD_COST
    as_good = [block for block in found if block.cost <= limit and block.is_together == found[0].is_together]
    untouched = [block for block in as_good if avoided.isdisjoint(block.places)]
    return rng.choice(untouched or as_good)


def _cheaper(look: _Look, wish: Wish, first: Block, prices: Sequence[int]) -> Block | None:
    """The best block of the lowest price at which the party can be seated as well, if that is cheaper than `first`."""
    total = sum(prices[look.house.places.category[place]] for place in first.places)
    allowed = range(len(prices)) if wish.categories is None else wish.categories
    for price, categories in groupby(sorted(allowed, key=prices.__getitem__), key=prices.__getitem__):
        if price * wish.quantity >= total:
            return None
        at_this_price = replace(wish, categories=frozenset(categories))
        best = next(filter(None, replace(look, most=1).whole(at_this_price)), None)
        if best and best[0].is_together:
            return best[0]
    return None


def _disjoint(blocks: Sequence[Block], most: int) -> list[Block]:
    """The first blocks of which no two share a place."""
    taken: set[int] = set()
    chosen: list[Block] = []
    for block in blocks:
        if len(chosen) < most and taken.isdisjoint(block.places):
            chosen.append(block)
            taken.update(block.places)
    return chosen
