"""One pipelined connection to Redis, for what is in the way of every hold: its gate, and its news.

redis-py's asyncio client asks a pool, a lock, a retry policy and several timers for each command, which was a third of
what a hold cost the service. It stays for everything else: subscriptions, tidying up, health. Here a command is one
`write`, and all replies to it one future.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from hashlib import sha1
from typing import Any, Protocol, cast

import hiredis
from redis.asyncio.connection import SSLConnection, parse_url
from redis.exceptions import ResponseError

Argument = str | int | bytes


Command = tuple[Argument, ...]


class Pipe(Protocol):
    """Takes commands, gives their replies."""

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """The replies to `commands`, which leave together. Raises one of `REDIS_FAILURES`, also if one is an error."""
        ...


class RedisPipe:
    """A connection that is made when it is needed, and again after it was lost. Belongs to one event loop.

    `url` as redis-py has it (`redis://`, `rediss://`, `unix://`). Replies that take longer than `timeout_s` are a
    `TimeoutError`, and the connection is given up, with all that waits for it.
    """

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._options: dict[str, Any] = dict(parse_url(url))
        self._timeout_s = timeout_s
        self._line: _Line | None = None
        self._connecting = asyncio.Lock()

    async def ask(self, *command: Argument) -> Any:
        """The reply to one command. Raises what `ask_all` raises."""
        [reply] = await self.ask_all([command])
        return reply

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """See `Pipe`."""
        line: _Line | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                line = self._line
                if line is None or line.is_lost:
                    line = await self._connected()
                return await line.ask(commands)
        except TimeoutError:
            if line is not None:
                line.abort()
            raise

    async def aclose(self) -> None:
        """Give the connection up, and wait until it is gone."""
        if self._line is not None:
            self._line.abort()
            await self._line.gone.wait()

    async def _connected(self) -> "_Line":
        async with self._connecting:  # whoever comes meanwhile waits for the same connection
            if self._line is None or self._line.is_lost:
                line = await self._connect()
                try:
                    await line.ask(self._greeting())
                except BaseException:  # refused, or too late: nobody else knows of it
                    line.abort()
                    raise
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

    def _greeting(self) -> list[Command]:
        """What a connection has to say before anything else."""
        greeting: list[Command] = []
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

    async def __call__(self, calls: "Sequence[tuple[list[str], list[str | int]]]") -> list[Any]:
        """Run it for each of `calls` (keys, arguments), in one round trip. Raises what `Pipe.ask_all` raises."""
        commands = [(len(keys), *keys, *arguments) for keys, arguments in calls]
        try:
            return await self._pipe.ask_all([("EVALSHA", self._hash, *command) for command in commands])
        except ResponseError as error:
            if not str(error).startswith("NOSCRIPT"):
                raise
        return await self._pipe.ask_all([("EVAL", self._text, *command) for command in commands])


class _Asked:
    """Commands that left together; their replies are collected here, and told once all are there."""

    __slots__ = ("commands", "future", "replies")

    def __init__(self, commands: int, future: "asyncio.Future[list[Any]]") -> None:
        self.commands = commands
        self.future = future
        self.replies: list[Any] = []

    def take(self, reply: Any) -> bool:
        """One more reply, an error perhaps; says whether it was the last one."""
        self.replies.append(reply)
        if len(self.replies) < self.commands:
            return False
        if not self.future.done():  # otherwise who asked has given up
            error = next((reply for reply in self.replies if isinstance(reply, Exception)), None)
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(self.replies)
        return True


class _Line(asyncio.Protocol):
    """One connection: replies come in the order of the commands (RESP2)."""

    def __init__(self) -> None:
        self.is_lost = False
        self._reader = hiredis.Reader(replyError=ResponseError)
        self._waiting: deque[_Asked] = deque()
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self.gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        # Not asked for its class: uvloop's transports are none of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            if self._waiting[0].take(reply):
                self._waiting.popleft()

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio."""
        self.is_lost = True
        self.gone.set()
        while self._waiting:
            future = self._waiting.popleft().future
            if not future.done():
                future.set_exception(ConnectionResetError("Redis is gone"))

    def ask(self, commands: Sequence[Command]) -> "asyncio.Future[list[Any]]":
        """The replies to come, all at once: the first error among them, if there is one."""
        if self.is_lost or self._transport is None:
            raise ConnectionResetError("Redis is gone")
        future: asyncio.Future[list[Any]] = self._loop.create_future()
        if not commands:
            future.set_result([])
            return future
        self._waiting.append(_Asked(len(commands), future))
        self._transport.write(b"".join(map(hiredis.pack_command, commands)))  # type: ignore[arg-type]  # any length
        return future

    def abort(self) -> None:
        """Give it up, at once."""
        self.is_lost = True
        if self._transport is not None:
            self._transport.abort()
