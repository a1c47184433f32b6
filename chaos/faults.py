"""How each fault is done to the running system, and undone."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import asyncpg
import redis.asyncio as redis

from chaos.schedule import Planned
from chaos.system import BreakableStack
from devstack.errors import StackError

_DELAY_S = 0.15
_NEWS_DELAY_S = 0.8

_BOOKING_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'frontrow-booking' ORDER BY pid"


class Missed(Exception):
    """The fault could not be done, because what it is done to was already broken; the text says how."""


class Faults:
    """Does planned faults to a stack. `chance` picks backends, whose pids no schedule can know beforehand."""

    def __init__(self, stack: BreakableStack, pick: Callable[[list[int]], int]) -> None:
        self._stack = stack
        self._pick = pick
        self._stopped: set[int] = set()
        self._ways: Mapping[str, Callable[[Planned], Awaitable[str]]] = {
            "kill": self._kill,
            "pause": self._pause,
            "stop immediately": self._stop_immediately,
            "flush": self._flush,
            "hold commands": self._hold_commands,
            "end backend": self._end_backend,
            "pause backend": self._pause_backend,
            "cut at commit": self._cut_at_commit,
            "cut": self._cut,
            "delay": self._delay,
            "swallow": self._swallow,
            "lose news": self._lose_news,
            "delay news": self._delay_news,
            "set clock": self._set_clock,
        }

    async def do(self, planned: Planned) -> str:
        """Do it and, if it lasts, undo it; returns what else there is to know. Raises Missed."""
        try:
            return await self._ways[planned.kind](planned)
        except (StackError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, redis.RedisError) as error:
            raise Missed(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}") from error

    def let_go(self) -> None:
        """Undo whatever may still be in force."""
        for pid in list(self._stopped):
            self._continue(pid)
        for link in self._stack.database_links.values():
            link.commits_to_cut = 0

    async def _kill(self, planned: Planned) -> str:
        return f"process {await asyncio.to_thread(self._stack.kill, planned.target)}"

    async def _stop_immediately(self, planned: Planned) -> str:
        # SIGQUIT to the postmaster is `pg_ctl stop -m immediate`; whatever dies is started again.
        os.kill(self._pid(planned.target), signal.SIGQUIT)
        return ""

    async def _pause(self, planned: Planned) -> str:
        return await self._pause_process(self._pid(planned.target), planned.lasts_s)

    async def _pause_backend(self, planned: Planned) -> str:
        async with self._database() as database:
            pid = await self._backend(database)
        return await self._pause_process(pid, planned.lasts_s)

    async def _end_backend(self, _planned: Planned) -> str:
        async with self._database() as database:
            pid = await self._backend(database)
            await database.execute("SELECT pg_terminate_backend($1)", pid)
        return f"backend {pid}"

    async def _flush(self, _planned: Planned) -> str:
        async with self._redis() as client:
            await client.flushall()
        return ""

    async def _hold_commands(self, planned: Planned) -> str:
        async with self._redis() as client:
            await client.client_pause(int(planned.lasts_s * 1000), all=True)
        await asyncio.sleep(planned.lasts_s)
        return "CLIENT PAUSE"

    async def _cut_at_commit(self, planned: Planned) -> str:
        link = self._stack.database_links[_part(planned)]
        before = link.commits_cut
        link.commits_to_cut += planned.count
        for _ in range(40):
            await asyncio.sleep(0.05)
            if link.commits_to_cut == 0:
                break
        link.commits_to_cut = 0
        cut = link.commits_cut - before
        if cut == 0:
            raise Missed("nothing was committed through this link meanwhile")
        return f"{cut} acknowledgements lost"

    async def _cut(self, planned: Planned) -> str:
        return f"{self._stack.database_links[_part(planned)].cut()} connections"

    async def _delay(self, planned: Planned) -> str:
        link = self._stack.database_links[_part(planned)]
        link.delay_s = _DELAY_S
        try:
            await asyncio.sleep(planned.lasts_s)
        finally:
            link.delay_s = 0.0
        return f"{_DELAY_S * 1000:.0f} ms each way"

    async def _swallow(self, planned: Planned) -> str:
        link = self._stack.database_links[_part(planned)]
        link.swallows = True
        try:
            await asyncio.sleep(planned.lasts_s)
        finally:
            link.swallows = False
            # Streams with a hole in them are of no use to anybody.
            cut = link.cut()
        return f"{cut} connections"

    async def _lose_news(self, planned: Planned) -> str:
        link = self._stack.redis_links[_part(planned)]
        before, link.loses_news = link.news_touched, True
        try:
            await asyncio.sleep(planned.lasts_s)
        finally:
            link.loses_news = False
        return f"{link.news_touched - before} messages lost"

    async def _delay_news(self, planned: Planned) -> str:
        link = self._stack.redis_links[_part(planned)]
        before, link.news_delay_s = link.news_touched, _NEWS_DELAY_S
        try:
            await asyncio.sleep(planned.lasts_s)
        finally:
            link.news_delay_s = 0.0
        return f"{link.news_touched - before} messages {_NEWS_DELAY_S:g} s late"

    async def _set_clock(self, planned: Planned) -> str:
        skew = self._stack.skew_of(planned.target)
        skew.add(planned.skew_s)
        try:
            await asyncio.sleep(planned.lasts_s)
        finally:
            skew.add(-planned.skew_s)
        return "and back"

    def _pid(self, name: str) -> int:
        pid = self._stack.pid(name)
        if pid is None:
            raise Missed(f"{name} did not run at that moment")
        return pid

    async def _pause_process(self, pid: int, lasts_s: float) -> str:
        os.kill(pid, signal.SIGSTOP)
        self._stopped.add(pid)
        try:
            await asyncio.sleep(lasts_s)
        finally:
            self._continue(pid)
        return f"process {pid}"

    def _continue(self, pid: int) -> None:
        self._stopped.discard(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    async def _backend(self, database: "asyncpg.Connection[asyncpg.Record]") -> int:
        pids = [row["pid"] for row in await database.fetch(_BOOKING_BACKENDS)]
        if not pids:
            raise Missed("no booking instance was connected at that moment")
        return self._pick(pids)

    @asynccontextmanager
    async def _database(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        connection = await asyncpg.connect(self._stack.database_url, timeout=3, command_timeout=3)
        try:
            yield connection
        finally:
            connection.terminate()

    @asynccontextmanager
    async def _redis(self) -> AsyncIterator["redis.Redis"]:
        client = redis.Redis.from_url(self._stack.redis_url, socket_timeout=3, socket_connect_timeout=3)
        try:
            yield client
        finally:
            await client.aclose()


def _part(planned: Planned) -> str:
    return planned.target.rpartition(" ")[2]
