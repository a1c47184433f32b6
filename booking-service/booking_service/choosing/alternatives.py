"""Other seats for those who lost a race: worked out once for all who wanted to sit there, handed out in turn.

A thousand people may be refused one seat within a second. They cost two searches, and each of them is told of other
seats than the one before, or they would all lose the next race, too.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from booking_service.choosing.blocks import nearest_blocks
from booking_service.choosing.scenes import Scene, Scenes
from booking_service.choosing.schemas import Alternative
from booking_service.choosing.wishes import Block
from shared.chassis.problems import Problem
from shared.chassis.unavailable import is_database_outage
from shared.contracts.live_messages import SeatChange, SeatChanges

log = structlog.get_logger()

FEW, SO_MANY = 4, 16
"""Different blocks for those who wanted to sit in one row, in turn: a few at first, and more once these are told."""
GOOD_FOR_S = 0.5
"""So long they are handed out, as far as they are still free; then the nearest are looked for again."""
WAIT_S = 2.0
"""A refusal waits no longer for what it may say besides."""
MAX_ROWS = 2000
AHEAD_S = 30.0
"""So often, at most, an event is opened again because seats of it are being held."""

Where = tuple[int, int, int, tuple[int, ...]]
"""Event, row, how many, of which categories: whoever wanted the same is handed the same alternatives."""


@dataclass(slots=True)
class _Handout:
    """The alternatives of one row. `turn` counts those who were given one; `has_more`: `SO_MANY` were looked for."""

    good_until: float
    blocks: list[Block]
    turn: int = 0
    has_more: bool = False


class NearestBlocks:
    """See `holds.alternatives.Alternatives`. A statement is needed only for an event that nobody asked about lately."""

    def __init__(self, scenes: Scenes, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._scenes = scenes
        self._monotonic = monotonic
        self._handouts: dict[Where, _Handout] = {}
        self._expected: dict[int, float] = {}
        self._opening: set[asyncio.Task[Scene | None]] = set()

    def expect(self, event_id: int) -> None:
        """See `Alternatives`. The first who are refused need not wait then until the event has been read."""
        now = self._monotonic()
        if now < self._expected.get(event_id, 0.0) or not self._scenes.has_room:
            return
        if len(self._expected) > MAX_ROWS:
            self._expected.clear()
        self._expected[event_id] = now + AHEAD_S
        task = asyncio.create_task(self._opened(event_id), name=f"expect refusals in event {event_id}")
        self._opening.add(task)  # the loop itself keeps no task alive
        task.add_done_callback(self._opening.discard)

    async def aclose(self) -> None:
        """Leave what is still being opened."""
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)

    async def instead_of(
        self, event_id: int, seat_ids: Sequence[int], refused: Sequence[Mapping[str, Any]]
    ) -> Alternative | None:
        """See `Alternatives`."""
        scene = await self._opened(event_id)
        if scene is None:
            return None
        self._learn(event_id, refused)
        first = scene.facts.first_seat_id
        wanted = [seat_id - first for seat_id in seat_ids]
        gone = frozenset(seat["seat_id"] - first for seat in refused)
        return self._handed_out(scene, wanted, gone) or self._handed_out(scene, wanted, gone, anew=True)

    async def _opened(self, event_id: int) -> Scene | None:
        """The event, if it can be had soon."""
        try:
            async with asyncio.timeout(WAIT_S):
                return await self._scenes.open(event_id)
        except Problem:
            return None
        except Exception as error:
            # Whatever it is: a refusal is no worse for having no alternative, and must be given.
            if not is_database_outage(error):
                log.exception("choosing.no_alternative", event_id=event_id)
            return None

    def _learn(self, event_id: int, refused: Sequence[Mapping[str, Any]]) -> None:
        """What PostgreSQL said of the seats may be newer than what the board has."""
        changes = [SeatChange(s["seat_id"], s["status"], s["version"]) for s in refused if "version" in s]
        if changes:
            self._scenes.learn(SeatChanges(event_id, changes))

    def _handed_out(
        self, scene: Scene, wanted: Sequence[int], gone: frozenset[int], *, anew: bool = False
    ) -> Alternative | None:
        """The next alternative that is free, and has none of what the refused one cannot have."""
        places = scene.house.places
        categories = tuple(sorted({places.category[place] for place in wanted}))
        where = (scene.facts.event_id, places.row[wanted[0]], len(wanted), categories)
        handout = self._handouts.get(where)
        if handout is None or anew or self._monotonic() >= handout.good_until:
            handout = self._handouts[where] = self._prepared(scene, wanted, gone, most=FEW)
            if len(self._handouts) > MAX_ROWS:
                self._handouts = {where: handout}
        elif handout.turn >= FEW and not handout.has_more:
            handout.has_more = True
            more = self._prepared(scene, wanted, gone, most=SO_MANY).blocks
            told = {place for block in handout.blocks for place in block.places}
            handout.blocks += [block for block in more if told.isdisjoint(block.places)]
        for _ in handout.blocks:
            block = handout.blocks[handout.turn % len(handout.blocks)]
            handout.turn += 1
            if gone.isdisjoint(block.places) and scene.feed.are_free(block.places):
                seats = scene.seats(block)
                return Alternative(scene.seat_ids(block), seats, sum(seat.price for seat in seats), block.is_together)
        return None

    def _prepared(self, scene: Scene, wanted: Sequence[int], gone: frozenset[int], *, most: int) -> _Handout:
        free = bytearray(scene.feed.free())
        for place in gone | scene.crowd.about_to_be_held():
            free[place] = 0
        blocks = nearest_blocks(scene.house, bytes(free), wanted, scene.rng, most=most)
        return _Handout(self._monotonic() + GOOD_FOR_S, blocks)
