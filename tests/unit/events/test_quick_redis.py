"""The breaker around Redis: after a failure it is left alone for a moment."""

import asyncio
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoConnection

from events_service.quick_redis import QuickRedis, RedisDown


class Clock:
    """A clock that is moved by hand."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


async def test_after_a_failure_nothing_is_asked_until_the_pause_is_over() -> None:
    clock, asked, broken = Clock(), 0, True

    async def command(_redis: Redis) -> str:
        nonlocal asked
        asked += 1
        if broken:
            raise NoConnection
        return "answer"

    quick = QuickRedis(Redis(), pause=timedelta(seconds=1), monotonic=clock)

    for _ in range(5):
        with pytest.raises(RedisDown):
            await quick.ask(command)
    assert asked == 1

    clock.now_s += 1.1
    with pytest.raises(RedisDown):
        await quick.ask(command)
    assert asked == 2

    clock.now_s += 1.1
    broken = False
    assert await quick.ask(command) == "answer"
    assert await quick.ask(command) == "answer"


async def test_after_the_pause_one_tries_while_the_others_go_on_without() -> None:
    clock, trying = Clock(), asyncio.Event()

    async def fail(_redis: Redis) -> str:
        raise NoConnection

    async def hang(_redis: Redis) -> str:
        await trying.wait()
        return "answer"

    quick = QuickRedis(Redis(), pause=timedelta(seconds=1), monotonic=clock)
    with pytest.raises(RedisDown):
        await quick.ask(fail)
    clock.now_s += 1.1

    probe = asyncio.create_task(quick.ask(hang))
    await asyncio.sleep(0)
    with pytest.raises(RedisDown):
        await quick.ask(hang)

    trying.set()
    assert await probe == "answer"
    assert await quick.ask(hang) == "answer"


async def test_a_fault_of_ours_is_no_outage() -> None:
    quick = QuickRedis(Redis())

    async def wrong(_redis: Redis) -> str:
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        await quick.ask(wrong)
