"""Many callers share a read, and none gets one that began before the call."""

import asyncio

import pytest

from events_service.fresh_read import FreshRead


class Counter:
    """What is read: a number that anybody may raise. A read takes until `go` is set, and tells what it saw at first."""

    def __init__(self) -> None:
        self.value = 0
        self.reads = 0
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def read(self) -> int:
        self.reads += 1
        self.begun.set()
        seen = self.value
        await self.go.wait()
        return seen


async def test_callers_at_the_same_time_share_a_read() -> None:
    counter = Counter()
    fresh = FreshRead(counter.read)
    counter.go.set()

    assert await asyncio.gather(*(fresh() for _ in range(50))) == [0] * 50
    assert counter.reads == 1


async def test_who_comes_while_a_read_is_under_way_gets_a_later_one() -> None:
    counter = Counter()
    fresh = FreshRead(counter.read)
    first = asyncio.create_task(fresh())
    await counter.begun.wait()

    counter.value = 1
    later = [asyncio.create_task(fresh()) for _ in range(20)]
    await asyncio.sleep(0)
    counter.go.set()

    assert await first == 0
    assert await asyncio.gather(*later) == [1] * 20
    assert counter.reads == 2


async def test_a_caller_who_goes_away_takes_nothing_from_the_others() -> None:
    counter = Counter()
    fresh = FreshRead(counter.read)
    first, second = asyncio.create_task(fresh()), asyncio.create_task(fresh())
    await counter.begun.wait()

    first.cancel()
    counter.go.set()

    assert await second == 0
    assert counter.reads == 1


async def test_a_failure_is_told_to_all_who_share_it_and_to_nobody_later() -> None:
    reads = 0

    async def fail_once() -> str:
        nonlocal reads
        reads += 1
        if reads == 1:
            raise ConnectionError
        return "well"

    fresh = FreshRead(fail_once)

    outcomes = await asyncio.gather(fresh(), fresh(), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [ConnectionError] * 2
    assert await fresh() == "well"


async def test_control_one_shared_read_gives_an_answer_from_before_the_question() -> None:
    counter = Counter()
    shared = asyncio.create_task(counter.read())
    await counter.begun.wait()

    counter.value = 1
    counter.go.set()

    with pytest.raises(AssertionError):
        assert await shared == 1
