"""Redis, asked with little patience: what this service asks of it, it can do without."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from shared.redis_failures import REDIS_FAILURES

log = structlog.get_logger()

Answer = TypeVar("Answer")

PATIENCE_S = 0.5
"""How long one command, or one connection, may take. With less, a busy moment of ours would look like an outage."""
PAUSE = timedelta(seconds=2)
"""How long Redis is left alone after a failure; then one request tries it, while the others go on without."""
MAX_CONNECTIONS = 32


class RedisDown(Exception):
    """Redis did not answer in time, or has just not answered somebody else."""


def create_redis(url: str) -> Redis:
    """A client for `QuickRedis`. Nothing connects until it is used."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        timeout=2,  # waiting for a free connection is a busy moment, not an outage
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 1),  # one, at once: a connection from before a restart of Redis fails once
    )
    return Redis.from_pool(pool)


class QuickRedis:
    """A breaker around Redis."""

    def __init__(
        self, redis: Redis, *, pause: timedelta = PAUSE, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._pause_s = pause.total_seconds()
        self._monotonic = monotonic
        self._down = False
        self._try_again_at = 0.0

    async def ask(self, command: Callable[[Redis], Awaitable[Answer]]) -> Answer:
        """What Redis answers. Raises `RedisDown`, at once during a pause."""
        if self._down:
            if self._monotonic() < self._try_again_at:
                raise RedisDown
            self._try_again_at = self._monotonic() + self._pause_s  # for the others, while we try
        try:
            answer = await command(self._redis)
        except REDIS_FAILURES as error:
            if not self._down:
                log.warning("redis.unavailable", error=type(error).__name__)
            self._down = True
            self._try_again_at = self._monotonic() + self._pause_s
            raise RedisDown from error
        self._down = False
        return answer


class RepeatedGet:
    """One GET, asked again and again by one caller at a time, on a connection that is kept for it.

    Choosing a connection, packing the command and preparing to repeat it took as long each time as the question itself.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._connection: AbstractConnection | None = None

    async def __call__(self, redis: Redis) -> bytes | None:
        """The value, if the key is there. Raises what redis-py raises; the next call begins with a new connection."""
        if self._connection is not None:
            with suppress(
                *REDIS_FAILURES
            ):  # perhaps only this connection's, which may be from before a restart of Redis
                return await self._ask(redis, self._connection)
        self._connection = await redis.connection_pool.get_connection()  # type: ignore[no-untyped-call]  # its decorator is
        return await self._ask(redis, self._connection)

    async def _ask(self, redis: Redis, connection: AbstractConnection) -> bytes | None:
        try:
            await connection.send_command("GET", self._key)
            value: bytes | None = await connection.read_response()
        except BaseException:
            # An answer that nobody has read would be taken for that to the next question.
            self._connection = None
            await connection.disconnect(nowait=True)
            await redis.connection_pool.release(connection)
            raise
        return value
