"""The generation of the catalogue: a number in Redis that every write raises, so that all instances see it at once."""

import time

from redis.asyncio import Redis

from events_service.fresh_read import FreshRead
from events_service.quick_redis import QuickRedis, RedisDown, RepeatedGet
from shared.contracts.redis_keys import BROWSE_GENERATION


class Generation:
    """Reads and raises it. An answer that was loaded under the present generation knows of every write."""

    def __init__(self, redis: QuickRedis) -> None:
        self._redis = redis
        self._current = FreshRead(self._read)
        self._look = RepeatedGet(BROWSE_GENERATION)  # by one reader at a time: `FreshRead` sees to that
        self._owes_news = False
        self.writes = 0
        """Writes of this instance, told or not."""

    async def current(self) -> int:
        """The generation as of now or a moment later, never earlier; concurrent callers share a look at Redis.

        Raises `RedisDown`, also while Redis does not know yet of a write of ours.
        """
        return await self._current()

    async def advance(self) -> None:
        """Begin a new one. Call it after the commit of each write. Never raises: what Redis cannot be told now, it is
        told before it is believed again.
        """
        self.writes += 1
        self._owes_news = True
        try:
            await self._tell_news()
        except RedisDown:
            return

    async def _tell_news(self) -> None:
        await self._redis.ask(_raise_generation)
        self._owes_news = False

    async def _read(self) -> int:
        if self._owes_news:
            await self._tell_news()
        generation = await self._redis.ask(self._look)
        if generation is None:
            await self._redis.ask(_begin_generations)
            generation = await self._redis.ask(self._look)
        if generation is None:
            raise RedisDown
        return int(generation)


async def _begin_generations(redis: Redis) -> None:
    await redis.set(BROWSE_GENERATION, _first_generation(), nx=True)


async def _raise_generation(redis: Redis) -> None:
    async with redis.pipeline(transaction=True) as pipeline:
        pipeline.set(BROWSE_GENERATION, _first_generation(), nx=True)
        pipeline.incr(BROWSE_GENERATION)
        await pipeline.execute()


def _first_generation() -> int:
    """Generations begin at the present microsecond, not at 0: if Redis loses the counter but not the pages, the new
    count must not meet the old one again.
    """
    return time.time_ns() // 1000
