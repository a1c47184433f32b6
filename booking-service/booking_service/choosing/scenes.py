"""An event as it is at this moment on this instance: its house, what is free, and what others are being given."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Protocol

import structlog

from booking_service.choosing.blocks import best_blocks
from booking_service.choosing.catalog import Catalog, EventFacts
from booking_service.choosing.house import House, both
from booking_service.choosing.schemas import OfferedSeat
from booking_service.choosing.wishes import Block, Wish
from booking_service.live.feed import EventFeed
from shared.chassis.problems import Unavailable
from shared.contracts.live_messages import SeatChanges

log = structlog.get_logger()

LATELY_S = 5.0
"""So long others are rather offered other places than those that somebody has just been offered."""
LATELY_BLOCKS = 64
"""So many blocks at most: nobody can keep a whole house from others by asking again and again."""
MAX_CROWDS = 1000


class Board(Protocol):
    """Knows what is free; see `live.hub.Hub`."""

    async def look(self, event_id: int) -> EventFeed:
        """The event's feed."""
        ...

    def learn(self, changes: SeatChanges) -> None:
        """Take over changes that somebody came across."""
        ...

    async def catch_up(self, feed: EventFeed) -> None:
        """Take over what the database knows by now."""
        ...

    @property
    def has_room(self) -> bool:
        """Whether one more event can be followed at no other one's cost."""
        ...


class Crowd:
    """Those who are choosing seats of one event on this instance: what each of them is given, others rather leave."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._in_flight: Counter[int] = Counter()
        self._lately: deque[tuple[float, Sequence[int]]] = deque(maxlen=LATELY_BLOCKS)

    @contextmanager
    def holding(self, places: Sequence[int]) -> Iterator[None]:
        """These are about to be held."""
        self._in_flight.update(places)
        try:
            yield
        finally:
            self._in_flight.subtract(places)
            self._in_flight += Counter()  # only what is above zero stays

    def offered(self, places: Sequence[int]) -> None:
        """Somebody was offered these first of all."""
        self._lately.append((self._monotonic() + LATELY_S, places))

    def about_to_be_held(self) -> frozenset[int]:
        """The places that others of the crowd have asked for, and have no answer yet."""
        return frozenset(self._in_flight)

    def offered_lately(self) -> frozenset[int]:
        """The places that others have been offered first, a moment ago."""
        now = self._monotonic()
        while self._lately and self._lately[0][0] <= now:
            self._lately.popleft()
        return frozenset(place for _, places in self._lately for place in places)


@dataclass(frozen=True, slots=True)
class Scene:
    """One event, now."""

    facts: EventFacts
    house: House
    feed: EventFeed
    crowd: Crowd
    rng: Random

    @property
    def prices(self) -> list[int]:
        """By category of the plan."""
        return [self.facts.prices.get(category.key, 0) for category in self.house.places.categories]

    def best(self, wish: Wish, *, most: int, without: frozenset[int] = frozenset()) -> list[Block]:
        """The best blocks for the wish, different ones for those who ask at the same time.

        Without the places `without`, and those that others are about to hold, as long as there are enough others.
        """
        free = self.feed.free()
        others = self.crowd.about_to_be_held()
        for left_out in dict.fromkeys((without | others, without, frozenset())):
            blocks = best_blocks(
                self.house,
                _without(free, left_out),
                wish,
                prices=self.prices,
                rng=self.rng,
                most=most,
                avoided=self.crowd.offered_lately(),
            )
            if blocks:
                return blocks
        return []

    def count_free(self, wish: Wish) -> int:
        """How many places of the kinds, categories and sections of the wish are free; wheelchair spaces, if it is for
        one."""
        return both(self.feed.free(), self.house.within_reach(wish)).count(1)

    def seat_ids(self, block: Block) -> list[int]:
        """Sorted."""
        return [self.facts.first_seat_id + place for place in block.places]

    def seats(self, block: Block) -> list[OfferedSeat]:
        """As they are told to people."""
        places, prices = self.house.places, self.prices
        return [
            OfferedSeat(
                self.facts.first_seat_id + place,
                places.seat_number(place),
                places.sections[places.section[place]].name,
                places.rows[places.row[place]].label,
                places.categories[places.category[place]].key,
                prices[places.category[place]],
            )
            for place in block.places
        ]


class Scenes:
    """Opens scenes. Belongs to one event loop."""

    def __init__(self, catalog: Catalog, board: Board, *, rng: Random, monotonic: Callable[[], float]) -> None:
        """`rng` sends those who ask at the same time to different places; each instance needs another one."""
        self._catalog = catalog
        self._board = board
        self._rng = rng
        self._monotonic = monotonic
        self._crowds: OrderedDict[int, Crowd] = OrderedDict()

    async def open(self, event_id: int) -> Scene:
        """The event, now. Raises `NotFound`, `Unavailable`, and what asyncpg raises."""
        facts = await self._catalog.event(event_id)
        house = await self._catalog.house(facts)
        feed = await self._board.look(event_id)
        if feed.first_seat_id != facts.first_seat_id or feed.seat_count != facts.seat_count:
            log.error("choosing.seats_do_not_fit", event_id=event_id)
            raise Unavailable("Seats of this event cannot be chosen for you.")
        return Scene(facts, house, feed, self._crowd(event_id), self._rng)

    @property
    def has_room(self) -> bool:
        """Whether one more event can be opened ahead of anybody's question, at no other one's cost."""
        return self._board.has_room

    def learn(self, changes: SeatChanges) -> None:
        """Take over committed changes that somebody came across."""
        self._board.learn(changes)

    async def catch_up(self, scene: Scene) -> None:
        """Let the scene show what the database knows by now. Raises what asyncpg raises, and `TimeoutError`."""
        await self._board.catch_up(scene.feed)

    def _crowd(self, event_id: int) -> Crowd:
        crowd = self._crowds.get(event_id)
        if crowd is None:
            crowd = self._crowds[event_id] = Crowd(self._monotonic)
            if len(self._crowds) > MAX_CROWDS:
                self._crowds.popitem(last=False)
        self._crowds.move_to_end(event_id)
        return crowd


def _without(free: bytes, places: frozenset[int]) -> bytes:
    if not places:
        return free
    left = bytearray(free)
    for place in places:
        left[place] = 0
    return bytes(left)
