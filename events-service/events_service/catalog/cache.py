"""Answers of the catalogue, kept in memory and in Redis: many readers cost one query, and a write ends them all."""

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from events_service.catalog.generation import Generation
from events_service.documents import Document
from events_service.quick_redis import QuickRedis, RedisDown
from events_service.recent import Recent
from shared.contracts.redis_keys import browse_page

Question = tuple[Any, ...]
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

MEMORY_BYTES = 32 * 2**20
"""How much an instance keeps in its own memory, compressed forms not counted; what is used least goes."""
_ENTRY_BYTES = 1024
"""What an answer takes beside its content, so that a million empty pages are no small thing."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer in memory: good under its generation, until `ends_at` on the monotonic clock."""

    document: Document
    generation: int
    ends_at: float


class CatalogCache:
    """Reads through this instance's memory, then Redis. Without Redis concurrent readers of one answer still share one
    query, and nothing is kept.

    An answer is at most one TTL old. It is older than the last write only when Redis missed the news of that write; the
    instance that wrote then reads from the database until Redis has been told.
    """

    def __init__(self, redis: QuickRedis, *, ttl: timedelta, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._generation = Generation(redis)
        self._ttl = ttl
        self._monotonic = monotonic
        self._memory: Recent[Question, _Kept] = Recent(
            room=MEMORY_BYTES, size_of=lambda kept: len(kept.document.content) + _ENTRY_BYTES
        )
        self._loading: dict[str, asyncio.Task[Document]] = {}

    async def fetch(self, question: Question, load: Load) -> Document:
        """The answer to `question` (plain values that tell it from every other question), from `load` if need be.

        What `load` raises is raised to everybody who waits for it, and not kept.
        """
        try:
            # The generation is read before the database is, and after the reader has asked. Whoever writes in between
            # raises it after the commit, so what we then store lies under a generation that nobody asks for any more.
            # The other way round, an answer from before the write would be found under the generation that stands for
            # "after the write".
            generation = await self._generation.current()
            kept = self._memory.get(question)
            if kept is not None and kept.generation == generation and self._monotonic() < kept.ends_at:
                return kept.document
            page = browse_page(generation, _fingerprint(question))
            found = await self._kept(page)
        except RedisDown:
            # Our own writes count here too: who asks after a write does not share a query from before it.
            unkept = f"{self._generation.writes}:{_fingerprint(question)}"
            return await self._share(unkept, lambda: _only_load(load))
        if found is None:
            return await self._share(page, lambda: self._load_once(page, question, generation, load))
        document, ends_at = found
        self._memory.put(question, _Kept(document, generation, ends_at))
        return document

    async def forget(self) -> None:
        """End all kept answers. Call it after the commit of each write. Never raises."""
        await self._generation.advance()

    async def _share(self, key: str, load: Callable[[], Awaitable[Document]]) -> Document:
        """Let everybody who asks for `key` meanwhile wait for one `load`."""
        task = self._loading.get(key)
        if task is None:
            task = asyncio.ensure_future(load())
            self._loading[key] = task
            task.add_done_callback(lambda done: self._loaded(key, done))
        return await asyncio.shield(task)  # one reader who goes away does not take the answer from the others

    def _loaded(self, key: str, task: "asyncio.Task[Document]") -> None:
        del self._loading[key]
        if not task.cancelled():
            task.exception()  # it has been raised to those who waited, if anybody still does

    async def _load_once(self, page: str, question: Question, generation: int, load: Load) -> Document:
        """Load and keep the answer, unless another instance is just doing so: then wait a moment for its answer."""
        loading, token = f"{{{page}}}:loading", uuid4().hex
        try:
            ours = await self._redis.ask(lambda redis: redis.set(loading, token, nx=True, px=LOADING_TTL))
            # Whoever loaded before us may have finished between our look and our turn: look again.
            found = await self._kept(page) if ours else await self._wait_for(page, loading)
        except RedisDown:
            return await _only_load(load)
        try:
            if found is None:
                # Answers that were made together do not end together.
                kept_s = self._ttl.total_seconds() * random.uniform(0.8, 1)  # noqa: S311 - no secret
                ends_at = self._monotonic() + kept_s
                found = await _only_load(load), ends_at
                await self._keep(page, found[0].content, kept_s)
        finally:
            if ours:
                await self._let_go(loading, token)
        document, ends_at = found
        self._memory.put(question, _Kept(document, generation, ends_at))
        return document

    async def _kept(self, page: str) -> tuple[Document, float] | None:
        """What Redis keeps of `page`, and when that ends on our clock: taking it over makes nothing older."""
        asked_at = self._monotonic()

        async def look(redis: Redis) -> tuple[bytes | None, int]:
            async with redis.pipeline(transaction=False) as pipeline:
                pipeline.get(page)
                pipeline.pttl(page)
                content, left_ms = await pipeline.execute()
            return content, left_ms

        content, left_ms = await self._redis.ask(look)
        return None if content is None else (Document(content), asked_at + left_ms / 1000)

    async def _wait_for(self, page: str, loading: str) -> tuple[Document, float] | None:
        for _ in range(LOADING_WAIT // LOADING_POLL):
            await asyncio.sleep(LOADING_POLL.total_seconds())
            found = await self._kept(page)
            if found is not None:
                return found
            if not await self._redis.ask(lambda redis: redis.exists(loading)):
                # It may have finished between our two looks.
                return await self._kept(page)
        return None

    async def _keep(self, page: str, answer: bytes, kept_s: float) -> None:
        try:
            await self._redis.ask(lambda redis: redis.set(page, answer, px=round(kept_s * 1000)))
        except RedisDown:
            return

    async def _let_go(self, loading: str, token: str) -> None:
        try:
            await self._redis.ask(lambda redis: redis.eval(_LET_GO, 1, loading, token))
        except RedisDown:
            return


async def _only_load(load: Load) -> Document:
    return Document(await load())


def _fingerprint(question: Question) -> str:
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()
