"""Searches leave as much time to others as they take, and are refused before they wait for long."""

import asyncio

import pytest

from booking_service.choosing.pacing import MOST_WAITING, PacedSearches
from shared.chassis.problems import Unavailable


class Clock:
    """Goes on when somebody searches or rests."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rests: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Rest."""
        self.rests.append(seconds)
        self.now += seconds

    def searches(self) -> PacedSearches:
        """By this clock."""
        return PacedSearches(monotonic=lambda: self.now, sleep=self.sleep)

    def search(self, seconds: float) -> float:
        """One that takes so long; when it began."""
        began_at = self.now
        self.now += seconds
        return began_at


async def test_a_search_begins_when_as_much_time_has_passed_as_the_one_before_took() -> None:
    clock = Clock()
    searches = clock.searches()

    began = await asyncio.gather(*(searches.run(lambda: clock.search(4)) for _ in range(3)))

    assert (began, clock.rests) == ([0, 8, 16], [4, 4])


async def test_who_comes_after_the_rest_waits_for_nothing() -> None:
    clock = Clock()
    searches = clock.searches()
    await searches.run(lambda: clock.search(4))
    clock.now += 4

    assert (await searches.run(lambda: clock.search(1)), clock.rests) == (8, [])


async def test_a_search_that_fails_is_followed_by_a_rest_too() -> None:
    clock = Clock()
    searches = clock.searches()

    def fail() -> None:
        clock.now += 2
        raise LookupError

    with pytest.raises(LookupError):
        await searches.run(fail)

    assert await searches.run(lambda: clock.search(1)) == 4


async def test_beyond_those_who_wait_the_next_one_is_told_so_at_once() -> None:
    rest = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await rest.wait()

    clock = Clock()
    searches = PacedSearches(monotonic=lambda: clock.now, sleep=sleep)
    await searches.run(lambda: clock.search(1))
    waiting = [asyncio.create_task(searches.run(lambda: 7)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)  # until all of them wait

    with pytest.raises(Unavailable):
        await searches.run(lambda: 7)

    rest.set()
    clock.now += 2
    assert await asyncio.gather(*waiting) == [7] * MOST_WAITING
    assert await searches.run(lambda: 8) == 8
