"""Answers of the catalogue, kept in Redis: many readers cost one query, and a write ends them all."""

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from events_service.quick_redis import QuickRedis, RedisDown
from shared.contracts.redis_keys import BROWSE_GENERATION, browse_page

Load = Callable[[], Awaitable[bytes]]

LOADING_TTL = timedelta(seconds=2)
"""How long an instance may keep others from loading the same answer; it is let go as soon as it has loaded."""
LOADING_WAIT = timedelta(milliseconds=500)
LOADING_POLL = timedelta(milliseconds=20)

# Deletes the key only while it holds our token: it may have ended, and be another instance's by now.
_LET_GO = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
"""


class CatalogCache:
    """Reads through Redis. Without Redis it still lets concurrent readers of one answer share one query.

    An answer is at most one TTL old. It is older than the last write only when Redis missed the news of that write; the
    instance that wrote then reads from the database until Redis has been told.
    """

    def __init__(self, redis: QuickRedis, *, ttl: timedelta) -> None:
        self._redis = redis
        self._ttl = ttl
        self._loading: dict[str, asyncio.Task[bytes]] = {}
        self._writes = 0
        self._owes_news = False

    async def fetch(self, question: tuple[Any, ...], load: Load) -> bytes:
        """The answer to `question` (plain values that tell it from every other question), from `load` if need be.

        What `load` raises is raised to everybody who waits for it, and not kept.
        """
        fingerprint = hashlib.sha256(json.dumps(question).encode()).hexdigest()
        try:
            # The generation is read before the database is. Whoever writes in between raises it after the commit, so
            # what we then store lies under a generation that nobody asks for any more. The other way round, an answer
            # from before the write would be found under the generation that stands for "after the write".
            page = browse_page(await self._generation(), fingerprint)
            found = await self._kept(page)
        except RedisDown:
            # Our own writes count here too: who asks after a write does not share a query from before it.
            return await self._share(f"{self._writes}:{fingerprint}", load)
        if found is not None:
            return found
        return await self._share(page, lambda: self._load_once(page, load))

    async def forget(self) -> None:
        """End all kept answers. Call it after the commit of each write. Never raises."""
        self._writes += 1
        self._owes_news = True
        try:
            await self._tell_news()
        except RedisDown:
            return

    async def _tell_news(self) -> None:
        await self._redis.ask(_raise_generation)
        self._owes_news = False

    async def _generation(self) -> int:
        if self._owes_news:
            await self._tell_news()
        generation = await self._redis.ask(lambda redis: redis.get(BROWSE_GENERATION))
        if generation is None:
            await self._redis.ask(_begin_generations)
            generation = await self._redis.ask(lambda redis: redis.get(BROWSE_GENERATION))
        if generation is None:
            raise RedisDown
        return int(generation)

    async def _share(self, key: str, load: Load) -> bytes:
        """Let everybody who asks for `key` meanwhile wait for one `load`."""
        task = self._loading.get(key)
        if task is None:
            task = asyncio.ensure_future(load())
            self._loading[key] = task
            task.add_done_callback(lambda done: self._loaded(key, done))
        return await asyncio.shield(task)  # one reader who goes away does not take the answer from the others

    def _loaded(self, key: str, task: "asyncio.Task[bytes]") -> None:
        del self._loading[key]
        if not task.cancelled():
            task.exception()  # it has been raised to those who waited, if anybody still does

    async def _load_once(self, page: str, load: Load) -> bytes:
        """Load and keep the answer, unless another instance is just doing so: then wait a moment for its answer."""
        loading, token = f"{{{page}}}:loading", uuid4().hex
        try:
            ours = await self._redis.ask(lambda redis: redis.set(loading, token, nx=True, px=LOADING_TTL))
            # Whoever loaded before us may have finished between our look and our turn: look again.
            found = await self._kept(page) if ours else await self._wait_for(page, loading)
        except RedisDown:
            return await load()
        try:
            answer = found if found is not None else await load()
            if found is None:
                await self._keep(page, answer)
        finally:
            if ours:
                await self._let_go(loading, token)
        return answer

    async def _kept(self, page: str) -> bytes | None:
        found = await self._redis.ask(lambda redis: redis.get(page))
        return found if isinstance(found, bytes) else None  # always bytes: our client decodes nothing

    async def _wait_for(self, page: str, loading: str) -> bytes | None:
        for _ in range(LOADING_WAIT // LOADING_POLL):
            await asyncio.sleep(LOADING_POLL.total_seconds())
            found = await self._kept(page)
            if found is not None or not await self._redis.ask(lambda redis: redis.exists(loading)):
                return found
        return None

    async def _keep(self, page: str, answer: bytes) -> None:
        # Answers that were made together do not end together.
        kept_ms = round(self._ttl / timedelta(milliseconds=1) * random.uniform(0.8, 1))  # noqa: S311 - no secret
        try:
            await self._redis.ask(lambda redis: redis.set(page, answer, px=kept_ms))
        except RedisDown:
            return

    async def _let_go(self, loading: str, token: str) -> None:
        try:
            await self._redis.ask(lambda redis: redis.eval(_LET_GO, 1, loading, token))
        except RedisDown:
            return


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
