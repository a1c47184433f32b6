"""One pipelined connection to Redis, for the scripts that are in the way of every hold.

redis-py's asyncio client asks a pool, a lock, a retry policy and several timers for each command, which was a third of
what a hold cost the service. It stays for everything else: subscriptions, tidying up, health. Here a command is one
`write`, and a reply the next future in the row.
"""

import asyncio
from collections import deque
from hashlib import sha1
from typing import Any, Protocol

import hiredis
from redis.asyncio.connection import SSLConnection, parse_url
from redis.exceptions import ResponseError

Argument = str | int | bytes


class Pipe(Protocol):
    """Takes commands, gives their replies."""

    async def ask(self, *command: Argument) -> Any:
        """The reply. Raises one of `REDIS_FAILURES`."""
        ...


class RedisPipe:
    """A connection that is made when it is needed, and again after it was lost. Belongs to one event loop.

    `url` as redis-py has it (`redis://`, `rediss://`, `unix://`). A reply that takes longer than `timeout_s` is a
    `TimeoutError`, and the connection is given up, with all that waits for it.
    """

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._options: dict[str, Any] = dict(parse_url(url))
        self._timeout_s = timeout_s
        self._line: _Line | None = None
        self._connecting = asyncio.Lock()

    async def ask(self, *command: Argument) -> Any:
        """See `Pipe`."""
        line: _Line | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                line = self._line
                if line is None or line.is_lost:
                    line = await self._connected()
                return await line.ask(command)
        except TimeoutError:
            if line is not None:
                line.abort()
            raise

    def close(self) -> None:
        """Give the connection up."""
        if self._line is not None:
            self._line.abort()

    async def _connected(self) -> "_Line":
        async with self._connecting:  # whoever comes meanwhile waits for the same connection
            if self._line is None or self._line.is_lost:
                line = await self._connect()
                for command in self._greeting():
                    await line.ask(command)
                self._line = line
            return self._line

    async def _connect(self) -> "_Line":
        loop, options = asyncio.get_running_loop(), self._options
        if "path" in options:
            return (await loop.create_unix_connection(_Line, options["path"]))[1]
        is_tls = options.get("connection_class") is SSLConnection
        tls = SSLConnection(**{k: v for k, v in options.items() if k != "connection_class"}) if is_tls else None
        host, port = options.get("host", "localhost"), options.get("port", 6379)
        return (await loop.create_connection(_Line, host, port, ssl=tls.ssl_context.get() if tls else None))[1]

    def _greeting(self) -> list[tuple[Argument, ...]]:
        """What a connection has to say before anything else."""
        greeting: list[tuple[Argument, ...]] = []
        password, username = self._options.get("password"), self._options.get("username")
        if password:
            greeting.append(("AUTH", username, password) if username else ("AUTH", password))
        if self._options.get("db"):
            greeting.append(("SELECT", self._options["db"]))
        return greeting


class Script:
    """A Lua script, known to Redis by its hash."""

    def __init__(self, pipe: Pipe, text: str) -> None:
        self._pipe = pipe
        self._text = text
        self._hash = sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: "list[str]", arguments: "list[str | int]") -> Any:
        """Run it. Raises what `Pipe.ask` raises."""
        try:
            return await self._pipe.ask("EVALSHA", self._hash, len(keys), *keys, *arguments)
        except ResponseError as error:
            if not str(error).startswith("NOSCRIPT"):
                raise
        return await self._pipe.ask("EVAL", self._text, len(keys), *keys, *arguments)


class _Line(asyncio.Protocol):
    """One connection: replies come in the order of the commands (RESP2)."""

    def __init__(self) -> None:
        self.is_lost = False
        self._reader = hiredis.Reader(replyError=ResponseError)
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a stream
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            future = self._waiting.popleft()
            if future.done():  # who asked has given up
                continue
            if isinstance(reply, Exception):
                future.set_exception(reply)
            else:
                future.set_result(reply)

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio."""
        self.is_lost = True
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(ConnectionResetError("Redis is gone"))

    def ask(self, command: tuple[Argument, ...]) -> "asyncio.Future[Any]":
        """The reply to come."""
        if self.is_lost or self._transport is None:
            raise ConnectionResetError("Redis is gone")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._transport.write(hiredis.pack_command(command))  # type: ignore[arg-type]  # its stub says: of one item
        return future

    def abort(self) -> None:
        """Give it up, at once."""
        self.is_lost = True
        if self._transport is not None:
            self._transport.abort()
