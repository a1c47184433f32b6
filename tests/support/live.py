"""Viewers of the live map, and instances that serve it, for tests."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any, Self

import asyncpg
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from booking_service.live import Hub, LiveLimits, open_hub
from booking_service.live.feed import EventFeed
from devstack.ports import free_port

PATIENCE_S = 60.0
"""How long a test waits for what should take milliseconds, on a machine that is busy with other things."""


@asynccontextmanager
async def hub_on(database_url: str, redis_url: str, **limits: Any) -> AsyncIterator[Hub]:
    """A hub with a pool and Redis connections of its own, as one instance has them."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(asyncpg.create_pool(database_url, min_size=1, max_size=4))
        yield await stack.enter_async_context(open_hub(pool=pool, redis_url=redis_url, limits=LiveLimits(**limits)))


async def until(condition: Callable[[], object], *, within_s: float = PATIENCE_S) -> None:
    """Wait until `condition()` is true. Raises `TimeoutError`."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - what is waited for does not know of us
            await asyncio.sleep(0.005)


class Seats:
    """A plain client of the protocol: a snapshot replaces everything, an update counts if it is newer."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.statuses: dict[int, str] = {}
        self.versions: dict[int, int] = {}

    def take(self, text: str) -> None:
        """One message."""
        message = json.loads(text)
        self.messages.append(message)
        if message["type"] == "snapshot":
            self.statuses = {seat["seat_id"]: seat["status"] for seat in message["seats"]}
            self.versions = {seat["seat_id"]: seat["version"] for seat in message["seats"]}
        elif message["type"] == "seat_update" and message["version"] > self.versions[message["seat_id"]]:
            self.statuses[message["seat_id"]] = message["status"]
            self.versions[message["seat_id"]] = message["version"]

    def knows(self) -> dict[int, tuple[str, int]]:
        """Status and version by seat."""
        return {seat_id: (status, self.versions[seat_id]) for seat_id, status in self.statuses.items()}

    def types(self) -> list[str]:
        """What kinds of messages came, in order."""
        return [message["type"] for message in self.messages]


class Onlooker(Seats):
    """A viewer without a socket: reads the feed as `sockets.serve` does."""

    def __init__(self, feed: EventFeed) -> None:
        super().__init__()
        self.feed = feed
        text, self._position = feed.snapshot()
        self.take(text)

    def look(self) -> Self:
        """Take what has come since the last look."""
        frames = self.feed.after(self._position)
        if frames is None:
            text, self._position = self.feed.snapshot()
            frames = [text]
        else:
            self._position += len(frames)
        for frame in frames:
            self.take(frame)
        return self

    async def sees(self, seat_id: int, status: str, *, within_s: float = PATIENCE_S) -> None:
        """Wait until the seat has this status. Raises `TimeoutError`."""
        await until(lambda: self.look().statuses[seat_id] == status, within_s=within_s)


class Viewer(Seats):
    """A viewer with a real socket, reading in the background; `closed_with` is set once it is over."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__()
        self._connecting = connect(url, **options)
        self.closed_with: int | None = None

    async def __aenter__(self) -> Self:
        self.socket: ClientConnection = await self._connecting
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.socket.close()
        await self._reading

    async def _read(self) -> None:
        try:
            while True:
                text = await self.socket.recv()
                assert isinstance(text, str)
                self.take(text)
        except ConnectionClosed as closed:
            self.closed_with = closed.rcvd.code if closed.rcvd else 1006


class _Server(uvicorn.Server):
    """Leaves the signals of the test run alone."""

    @contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # as in uvicorn
        yield


@asynccontextmanager
async def serving(app: ASGIApp, *, send_buffer_bytes: int | None = None) -> AsyncIterator[str]:
    """Serve `app` as our services are served, on a port of its own; yields `127.0.0.1:port`.

    `send_buffer_bytes`: how much the system keeps for a client that does not read (default: megabytes).
    """
    port = free_port()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if send_buffer_bytes:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
    listener.bind(("127.0.0.1", port))
    server = _Server(
        uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=1024,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=5,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await until(lambda: server.started or task.done())
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
