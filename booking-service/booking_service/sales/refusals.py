"""Counts who came too late for a seat. A number for organisers to look at: nothing is decided by it."""

import asyncio
from collections import Counter
from datetime import timedelta

import redis.asyncio as redis

from shared.contracts.redis_keys import refused_holds
from shared.redis_failures import REDIS_FAILURES

FLUSH_INTERVAL_S = 1.0
KEPT = timedelta(days=400)
"""Since the last refusal."""
MAX_EVENTS = 1_000
"""Whose refusals wait for Redis at once; while it is away, those of further events are not counted."""


class Refusals:
    """Of all instances together, as far as they have told Redis: each does so once a second, so that a refusal costs
    the one who is refused nothing. What a dying instance has not told is lost.
    """

    def __init__(self, redis_client: "redis.Redis") -> None:
        self._redis = redis_client
        self._waiting: Counter[int] = Counter()
        self._turn = asyncio.Lock()
        """Held while a number is on its way from here to Redis: whoever counts meanwhile would see it in both."""

    def note(self, event_id: int) -> None:
        """Somebody was refused seats of this event because others were quicker."""
        if event_id in self._waiting or len(self._waiting) < MAX_EVENTS:
            self._waiting[event_id] += 1

    async def count(self, event_id: int) -> int | None:
        """How many were refused; `None` when Redis cannot be asked."""
        async with self._turn:
            try:
                told = await self._redis.get(refused_holds(event_id))
            except REDIS_FAILURES:
                return None
            return int(told or 0) + self._waiting[event_id]

    async def keep_telling(self) -> None:
        """Tell Redis once a second, for ever."""
        while True:
            await asyncio.sleep(FLUSH_INTERVAL_S)
            await self.tell()

    async def tell(self) -> None:
        """Add to Redis what has been counted since the last time. While it is away, go on counting."""
        async with self._turn:
            await self._tell()

    async def _tell(self) -> None:
        telling = Counter({event_id: count for event_id, count in self._waiting.items() if count})
        if not telling:
            return
        try:
            async with self._redis.pipeline(transaction=True) as pipeline:
                for event_id, count in telling.items():
                    pipeline.incrby(refused_holds(event_id), count)
                    pipeline.expire(refused_holds(event_id), KEPT)
                await pipeline.execute()
        except REDIS_FAILURES:
            return
        self._waiting.subtract(telling)
        self._waiting = +self._waiting
