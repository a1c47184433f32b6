"""Natural batching: alone when alone, together when others wait, nothing for those who have left."""

import asyncio
from collections.abc import Sequence

import pytest

from booking_service.batching import Batcher, caller_has_left
from shared.chassis.problems import Unavailable
from tests.support.patience import until


class Workshop:
    """Work that waits until it may go on, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may_end = asyncio.Event()

    async def double(self, items: Sequence[int]) -> list[int]:
        """Twice each item."""
        self.batches.append(list(items))
        await self.may_end.wait()
        return [2 * item for item in items]


async def _begun(workshop: Workshop, batches: int) -> None:
    async def so_many() -> bool:
        return len(workshop.batches) >= batches

    await until(so_many, every_s=0)


async def test_who_comes_alone_goes_alone_and_who_waits_meanwhile_goes_together() -> None:
    workshop = Workshop()
    batcher = Batcher(workshop.double, lanes=1, most=10)

    first = asyncio.create_task(batcher.submit(1))
    await _begun(workshop, 1)
    others = [asyncio.create_task(batcher.submit(item)) for item in (2, 3, 4)]
    await asyncio.sleep(0)
    workshop.may_end.set()

    assert await first == 2
    assert await asyncio.gather(*others) == [4, 6, 8]
    assert workshop.batches == [[1], [2, 3, 4]]


async def test_there_are_no_more_batches_at_once_than_lanes_and_none_is_larger_than_it_may_be() -> None:
    workshop = Workshop()
    batcher = Batcher(workshop.double, lanes=2, most=3)

    tasks = [asyncio.create_task(batcher.submit(item)) for item in range(8)]
    await _begun(workshop, 2)
    await asyncio.sleep(0)

    assert workshop.batches == [[0, 1, 2], [3, 4, 5]]
    workshop.may_end.set()
    assert await asyncio.gather(*tasks) == [2 * item for item in range(8)]
    assert workshop.batches[2] == [6, 7]


async def test_nobody_works_for_somebody_who_has_left_the_queue() -> None:
    workshop = Workshop()
    batcher = Batcher(workshop.double, lanes=1, most=10)
    first = asyncio.create_task(batcher.submit(1))
    await _begun(workshop, 1)
    leaves, stays = asyncio.create_task(batcher.submit(2)), asyncio.create_task(batcher.submit(3))
    await asyncio.sleep(0)

    leaves.cancel()
    workshop.may_end.set()

    assert await stays == 6
    assert await first == 2
    assert workshop.batches == [[1], [3]]


async def test_nobody_works_for_somebody_whose_client_has_hung_up() -> None:
    workshop = Workshop()
    batcher = Batcher(workshop.double, lanes=1, most=10)
    first = asyncio.create_task(batcher.submit(1))
    await _begun(workshop, 1)
    hung_up = False
    context = caller_has_left.set(lambda: hung_up)
    second = asyncio.create_task(batcher.submit(2))
    caller_has_left.reset(context)
    await asyncio.sleep(0)

    hung_up = True
    workshop.may_end.set()

    with pytest.raises(Unavailable):
        await second
    assert await first == 2
    assert workshop.batches == [[1]]


async def test_who_leaves_while_the_work_is_under_way_hurts_nobody() -> None:
    workshop = Workshop()
    batcher = Batcher(workshop.double, lanes=1, most=10)
    leaves, stays = asyncio.create_task(batcher.submit(1)), asyncio.create_task(batcher.submit(2))
    await _begun(workshop, 1)

    leaves.cancel()
    workshop.may_end.set()

    assert await stays == 4
    assert workshop.batches == [[1, 2]]


async def test_when_too_many_wait_the_next_one_is_told_at_once_and_the_others_keep_their_places() -> None:
    workshop = Workshop()
    batcher = Batcher(workshop.double, lanes=1, most=1, most_waiting=2)
    first = asyncio.create_task(batcher.submit(1))
    await _begun(workshop, 1)
    waiting = [asyncio.create_task(batcher.submit(item)) for item in (2, 3)]
    await asyncio.sleep(0)

    with pytest.raises(Unavailable) as refused:
        await batcher.submit(4)

    assert refused.value.members["retry_after"] == 1
    workshop.may_end.set()
    assert await asyncio.gather(first, *waiting) == [2, 4, 6]


async def test_what_the_work_raises_is_raised_to_the_whole_batch_and_the_next_batch_is_served() -> None:
    async def picky(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        if 0 in items:
            raise ZeroDivisionError
        return list(items)

    batcher = Batcher(picky, lanes=1, most=2)

    results = await asyncio.gather(*(batcher.submit(item) for item in (0, 1, 2, 3)), return_exceptions=True)

    assert [type(result) for result in results] == [ZeroDivisionError, ZeroDivisionError, int, int]
