"""Alternatives are worked out once for many, and handed out in turn, each while it is free."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import pytest

from booking_service.choosing.alternatives import AHEAD_S, FEW, GOOD_FOR_S, SO_MANY, NearestBlocks
from booking_service.choosing.blocks import nearest_blocks
from booking_service.choosing.catalog import EventFacts
from booking_service.choosing.house import House
from booking_service.choosing.scenes import LATELY_S, Crowd, Scene, Scenes
from booking_service.live.board import SeatReading
from booking_service.live.feed import EventFeed
from booking_service.live.repository import EventReading
from shared.chassis.problems import Unavailable
from shared.contracts.live_messages import SeatChange, SeatChanges
from shared.contracts.seat_plan import decode
from tests.support.plans import plan, row, seated
from tests.support.turns import Turns

EVENT, FIRST = 7, 100
PER_ROW = 20


@dataclass
class FakeScenes:
    """One event, whose board hears what it is told."""

    scene: Scene
    opened: int = 0
    has_room: bool = True
    is_away: bool = False
    learned: list[SeatChange] = field(default_factory=list)

    async def open(self, event_id: int) -> Scene:
        """See `Scenes`."""
        self.opened += 1
        if self.is_away:
            raise Unavailable
        return self.scene

    def learn(self, changes: SeatChanges) -> None:
        """See `Scenes`."""
        self.learned += changes.changes
        self.scene.feed.apply(changes.changes)


@dataclass
class Box:
    """What the tests work with."""

    scenes: FakeScenes
    nearest: NearestBlocks
    turns: Turns
    searches: list[int]

    async def lose(self, *places: int, version: int | None = None) -> list[int] | None:
        """The places that a loser of these is told of instead."""
        told = {"version": version} if version else {}
        refused: list[dict[str, Any]] = [{"seat_id": FIRST + place, "status": "held", **told} for place in places]
        found = await self.nearest.instead_of(EVENT, [FIRST + place for place in places], refused)
        return [seat_id - FIRST for seat_id in found.seat_ids] if found else None


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    """Three rows of twenty."""
    turns = Turns()
    rows = (row(PER_ROW, label=label, y=1 + nth) for nth, label in enumerate("ABC"))
    house = House(decode(plan(seated(*rows), focal=(10, 0))))
    feed = EventFeed(EVENT, window_s=0, updates_per_window=8, monotonic=turns.monotonic, later=turns.later)
    seats = [SeatReading(FIRST + place, str(place), "available", 0, None) for place in range(house.places.count)]
    feed.take_reading(EventReading("1:1:", seats))
    facts = EventFacts(EVENT, "hash", FIRST, house.places.count, "EUR", {"standard": 4500}, is_on_sale=True)
    scene = Scene(facts, house, feed, Crowd(turns.monotonic), Random(1))  # noqa: S311 - no secret depends on it
    scenes = FakeScenes(scene)
    searches: list[int] = []

    def counted(*arguments: Any, **more: Any) -> Any:
        searches.append(more["most"])
        return nearest_blocks(*arguments, **more)

    monkeypatch.setattr("booking_service.choosing.alternatives.nearest_blocks", counted)
    return Box(scenes, NearestBlocks(cast(Scenes, scenes), monotonic=turns.monotonic), turns, searches)


async def test_many_losers_of_one_row_cost_two_searches_and_are_sent_apart(box: Box) -> None:
    told = [await box.lose(place % PER_ROW) for place in range(SO_MANY - 2)]

    assert box.searches == [FEW, SO_MANY]
    assert len({tuple(places or ()) for places in told}) == len(told)


async def test_nobody_is_told_of_the_seat_that_they_have_just_lost(box: Box) -> None:
    for _ in range(3 * SO_MANY):
        assert await box.lose(8) != [8]


async def test_an_alternative_that_is_taken_is_not_handed_out_any_more(box: Box) -> None:
    first = await box.lose(10)
    assert first is not None
    box.scenes.learn(SeatChanges(EVENT, [SeatChange(FIRST + first[0], "booked", 1)]))

    told = [await box.lose(10) for _ in range(2 * SO_MANY)]

    assert first not in told
    assert box.searches == [FEW, SO_MANY]


async def test_when_all_that_were_found_are_gone_it_looks_again(box: Box) -> None:
    told = [await box.lose(10) for _ in range(SO_MANY)]
    taken = {places[0] for places in told if places}
    box.scenes.learn(SeatChanges(EVENT, [SeatChange(FIRST + place, "booked", 1) for place in taken]))

    again = await box.lose(10)

    assert again is not None
    assert not taken & set(again)
    assert box.searches == [FEW, SO_MANY, FEW]


async def test_after_a_while_it_looks_again_for_what_is_nearest(box: Box) -> None:
    await box.lose(10)
    box.turns.wait(GOOD_FOR_S)
    await box.lose(10)

    assert len(box.searches) == 2


async def test_what_the_database_said_of_lost_seats_is_taken_over(box: Box) -> None:
    await box.lose(10, 11, version=3)

    assert [change.seat_id for change in box.scenes.learned] == [FIRST + 10, FIRST + 11]
    assert not box.scenes.scene.feed.are_free([10])


async def test_a_refusal_is_given_without_an_alternative_when_there_is_no_telling(box: Box) -> None:
    box.scenes.is_away = True

    assert await box.lose(10) is None


async def test_an_event_in_which_seats_are_held_is_opened_ahead_and_not_for_each_hold(box: Box) -> None:
    for _ in range(5):
        box.nearest.expect(EVENT)
    await asyncio.sleep(0)
    assert box.scenes.opened == 1

    box.turns.wait(AHEAD_S)
    box.nearest.expect(EVENT)
    await box.nearest.aclose()
    box.scenes.has_room = False
    box.turns.wait(AHEAD_S)
    box.nearest.expect(EVENT)
    await asyncio.sleep(0)
    assert box.scenes.opened <= 2


def test_what_one_is_offered_or_about_to_hold_others_rather_leave(box: Box) -> None:
    crowd = box.scenes.scene.crowd
    crowd.offered([1, 2])

    with crowd.holding([2, 3]), crowd.holding([3]):
        assert crowd.about_to_be_held() == {2, 3}
    assert crowd.about_to_be_held() == frozenset()
    assert crowd.offered_lately() == {1, 2}
    box.turns.wait(LATELY_S)
    assert crowd.offered_lately() == frozenset()
