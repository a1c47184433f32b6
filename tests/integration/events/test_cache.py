"""The cache of the catalogue by itself, on a real Redis: one load for many, never an answer from before a write."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from redis.asyncio import Redis

from events_service.catalog.cache import CatalogCache, Load, Question
from events_service.documents import Document
from events_service.quick_redis import QuickRedis, RedisDown, create_redis
from shared.chassis.problems import NotFound
from shared.contracts.redis_keys import BROWSE_GENERATION, browse_page

Answer = TypeVar("Answer")

TTL = timedelta(seconds=30)
QUESTION = ("browse", 20)
OTHER_QUESTION = ("browse", 50)


class Source:
    """What is cached: counts how often it is asked, and takes `takes_s` to answer."""

    def __init__(self, answer: bytes = b"old", *, takes_s: float = 0.0) -> None:
        self.answer = answer
        self.asked = 0
        self.began = asyncio.Event()
        self._takes_s = takes_s

    async def load(self) -> bytes:
        self.asked += 1
        self.began.set()
        answer = self.answer
        await asyncio.sleep(self._takes_s)
        return answer


async def content(cache: CatalogCache, question: Question, load: Load) -> bytes:
    """The bytes of the answer."""
    return (await cache.fetch(question, load)).content


class Switchable(QuickRedis):
    """A Redis that can be out of reach."""

    down = False
    asked = 0

    async def ask(self, command: Callable[[Redis], Awaitable[Answer]]) -> Answer:
        self.asked += 1
        if self.down:
            raise RedisDown
        return await super().ask(command)


@pytest.fixture
async def quick(redis: Redis, redis_url: str) -> AsyncIterator[Switchable]:
    client = create_redis(redis_url)
    yield Switchable(client)
    await client.aclose()


@pytest.fixture
def cache(quick: Switchable) -> CatalogCache:
    return CatalogCache(quick, ttl=TTL)


async def test_an_answer_is_loaded_once(cache: CatalogCache) -> None:
    source = Source(b"answer")

    answers = [await content(cache, QUESTION, source.load) for _ in range(5)]

    assert answers == [b"answer"] * 5
    assert source.asked == 1
    assert await content(cache, OTHER_QUESTION, Source(b"other").load) == b"other"


async def test_an_answer_ends_by_itself_and_not_with_all_others(cache: CatalogCache, redis: Redis) -> None:
    for nth in range(20):
        await content(cache, ("browse", nth), Source().load)

    kept_ms = {await redis.pttl(key) for key in await redis.keys("browse:*") if key != BROWSE_GENERATION.encode()}

    assert min(kept_ms) > TTL / timedelta(milliseconds=1) * 0.75
    assert max(kept_ms) <= TTL / timedelta(milliseconds=1)
    assert len(kept_ms) > 10
    assert not await redis.keys("*:loading")


async def test_an_answer_ends_in_memory_when_it_ends_in_redis(quick: Switchable, redis: Redis) -> None:
    now = 1000.0
    cache, other_instance = (CatalogCache(quick, ttl=TTL, monotonic=lambda: now) for _ in range(2))
    source = Source(b"old")
    await content(cache, QUESTION, source.load)
    (page,) = set(await redis.keys("browse:*")) - {BROWSE_GENERATION.encode()}
    await redis.pexpire(page, 3000)
    await content(other_instance, QUESTION, source.load)  # takes over what has three seconds left
    await redis.delete(page)
    source.answer = b"new"

    now += 2.5
    assert await content(other_instance, QUESTION, source.load) == b"old"
    now += 0.6
    assert await content(other_instance, QUESTION, source.load) == b"new"
    assert await content(cache, QUESTION, source.load) == b"old"
    now += TTL.total_seconds()
    assert await content(cache, QUESTION, source.load) == b"new"


async def test_what_is_in_memory_costs_one_look_at_the_generation_for_many_readers(
    cache: CatalogCache, quick: Switchable
) -> None:
    await content(cache, QUESTION, Source().load)
    asked_before = quick.asked

    await asyncio.gather(*(content(cache, QUESTION, Source().load) for _ in range(50)))

    assert quick.asked == asked_before + 1


async def test_concurrent_misses_share_one_load(cache: CatalogCache) -> None:
    source = Source(takes_s=0.05)

    await asyncio.gather(*(content(cache, QUESTION, source.load) for _ in range(50)))

    assert source.asked == 1


async def test_a_reader_who_goes_away_does_not_take_the_answer_along(cache: CatalogCache) -> None:
    source = Source(takes_s=0.1)
    first = asyncio.create_task(content(cache, QUESTION, source.load))
    second = asyncio.create_task(content(cache, QUESTION, source.load))
    await source.began.wait()

    first.cancel()

    assert await second == b"old"
    assert source.asked == 1


async def test_instances_wait_for_each_other(cache: CatalogCache, quick: Switchable) -> None:
    other_instance = CatalogCache(quick, ttl=TTL)
    source = Source(takes_s=0.1)

    answers = await asyncio.gather(
        *(content(instance, QUESTION, source.load) for instance in (cache, other_instance) for _ in range(10))
    )

    assert set(answers) == {b"old"}
    assert source.asked == 1


async def test_an_answer_that_is_kept_between_two_looks_is_not_loaded_again(
    cache: CatalogCache, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One instance had no answer yet at the other's first look, and had ended at its second: on a busy machine only."""
    has_looked = asyncio.Event()
    source = Source()

    async def load() -> bytes:
        answer = await source.load()
        await has_looked.wait()
        return answer

    async def exists(*names: str) -> int:
        has_looked.set()
        await first
        return int(await Redis.exists(redis, *names))

    monkeypatch.setattr(redis, "exists", exists)
    first = asyncio.create_task(content(cache, QUESTION, load))
    await source.began.wait()

    answer = await content(CatalogCache(QuickRedis(redis), ttl=TTL), QUESTION, load)

    assert (answer, source.asked) == (b"old", 1)


async def test_an_instance_that_died_while_loading_keeps_nobody_for_long(cache: CatalogCache, redis: Redis) -> None:
    await redis.set(BROWSE_GENERATION, 7)
    page = browse_page(7, hashlib.sha256(json.dumps(QUESTION).encode()).hexdigest())
    await redis.set(f"{{{page}}}:loading", "somebody else", px=2000)
    started_at = time.monotonic()

    assert await content(cache, QUESTION, Source().load) == b"old"

    assert time.monotonic() - started_at < 1.5
    assert await redis.get(f"{{{page}}}:loading") == b"somebody else"  # not ours to let go


async def test_a_failed_load_fails_for_everybody_who_waits_and_is_not_kept(cache: CatalogCache) -> None:
    asked = 0

    async def refuse() -> bytes:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.02)
        raise NotFound

    outcomes = await asyncio.gather(*(content(cache, QUESTION, refuse) for _ in range(5)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [NotFound] * 5
    assert asked == 1
    assert await content(cache, QUESTION, Source(b"now").load) == b"now"


async def test_a_write_ends_what_every_instance_keeps(cache: CatalogCache, quick: Switchable) -> None:
    other_instance = CatalogCache(quick, ttl=TTL)
    source = Source(b"old")
    await content(cache, QUESTION, source.load)
    source.answer = b"new"

    await other_instance.forget()

    assert await content(cache, QUESTION, source.load) == b"new"


class GenerationReadLate(CatalogCache):
    """The control: asks for the generation after it has loaded."""

    async def fetch(self, question: Question, load: Load) -> Document:
        fingerprint = hashlib.sha256(json.dumps(question).encode()).hexdigest()
        found = await self._kept(browse_page(await self._generation.current(), fingerprint))
        if found is not None:
            return found[0]
        answer = await load()
        await self._keep(browse_page(await self._generation.current(), fingerprint), answer, 30)
        return Document(answer)


async def _read_after_a_write_in_between(cache: CatalogCache, writer: CatalogCache) -> bytes:
    """A write while `cache` is loading: what do readers get afterwards?"""
    await writer.forget()  # so that there is something to load
    source = Source(b"old", takes_s=0.1)
    loading = asyncio.create_task(content(cache, QUESTION, source.load))
    await source.began.wait()
    source.answer = b"new"
    await writer.forget()
    await loading
    return await content(cache, QUESTION, source.load)


async def test_a_write_during_a_load_leaves_no_stale_answer(cache: CatalogCache, quick: Switchable) -> None:
    assert await _read_after_a_write_in_between(cache, CatalogCache(quick, ttl=TTL)) == b"new"
    assert await _read_after_a_write_in_between(cache, cache) == b"new"


async def test_control_with_the_generation_read_late_the_answer_is_stale(quick: Switchable) -> None:
    wrong = GenerationReadLate(quick, ttl=TTL)

    assert await _read_after_a_write_in_between(wrong, CatalogCache(quick, ttl=TTL)) == b"old"


async def test_a_reader_who_comes_after_a_write_does_not_join_a_load_from_before_it(
    cache: CatalogCache, quick: Switchable
) -> None:
    for quick.down in (False, True):
        source = Source(b"old", takes_s=0.1)
        before = asyncio.create_task(content(cache, QUESTION, source.load))
        await source.began.wait()
        source.answer = b"new"
        await cache.forget()

        assert await content(cache, QUESTION, source.load) == b"new"
        assert await before == b"old"


async def test_without_redis_concurrent_readers_still_share_a_load(cache: CatalogCache, quick: Switchable) -> None:
    quick.down = True
    source = Source(takes_s=0.05)

    await asyncio.gather(*(content(cache, QUESTION, source.load) for _ in range(50)))
    await content(cache, QUESTION, source.load)

    assert source.asked == 2


async def test_news_that_redis_missed_are_told_before_it_is_believed_again(
    cache: CatalogCache, quick: Switchable
) -> None:
    source = Source(b"old")
    await content(cache, QUESTION, source.load)

    quick.down = True
    source.answer = b"new"
    await cache.forget()
    quick.down = False

    assert await content(cache, QUESTION, source.load) == b"new"
    assert await content(CatalogCache(quick, ttl=TTL), QUESTION, source.load) == b"new"


async def test_a_lost_counter_does_not_bring_old_answers_back(cache: CatalogCache, redis: Redis) -> None:
    source = Source(b"old")
    await cache.forget()
    await content(cache, QUESTION, source.load)
    source.answer = b"new"

    await redis.delete(BROWSE_GENERATION)

    assert await content(cache, QUESTION, source.load) == b"new"


async def test_a_redis_that_does_not_answer_costs_one_request_its_patience_and_the_others_nothing() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = create_redis(f"redis://127.0.0.1:{port}/0")
    cache = CatalogCache(QuickRedis(client, pause=timedelta(minutes=1)), ttl=TTL)
    source = Source(b"answer")

    durations = []
    for _ in range(20):
        started_at = time.monotonic()
        assert await content(cache, QUESTION, source.load) == b"answer"
        durations.append(time.monotonic() - started_at)

    await client.aclose()
    server.close()
    assert durations[0] < 2.5
    assert max(durations[1:]) < 0.4


async def test_a_restart_of_redis_costs_no_answer(cache: CatalogCache, redis: Redis, quick: Switchable) -> None:
    """Connections from before it are closed, that of the generation's look as well."""
    await content(cache, QUESTION, Source(b"old").load)

    await redis.client_kill_filter(_type="normal", skipme=True)

    assert await content(cache, QUESTION, Source(b"new").load) == b"old"
    assert await quick.ask(lambda client: client.ping())
