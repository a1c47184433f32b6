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
from booking_service.live.parcel import Mode, Parcel
from devstack.ports import free_port
from shared.chassis.server import PROTOCOLS
from tests.support.compact import decode

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
    """A client of the protocol, in both modes: a snapshot replaces everything, an update counts if it is newer.

    In the compact mode, messages are kept as if they had come as JSON, an update for each seat.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.taken = 0
        """Messages as they were sent."""
        self.statuses: dict[int, str] = {}
        self.versions: dict[int, int] = {}
        self.stale: list[dict[str, Any]] = []
        """Updates that said less than what was known already: harmless, and never sent."""
        self._first_seat_id = 0

    def take(self, message: str | bytes) -> None:
        """One message."""
        self.taken += 1
        if isinstance(message, bytes):
            self._take_compact(message)
        else:
            self._take(json.loads(message))

    def knows(self) -> dict[int, tuple[str, int]]:
        """Status and version by seat."""
        return {seat_id: (status, self.versions[seat_id]) for seat_id, status in self.statuses.items()}

    def types(self) -> list[str]:
        """What kinds of messages came, in order."""
        return [message["type"] for message in self.messages]

    def _take_compact(self, message: bytes) -> None:
        decoded = decode(message)
        if decoded.first_seat_id is None:
            for place, status, version in decoded.seats:
                self._take(
                    {
                        "type": "seat_update",
                        "seat_id": self._first_seat_id + place,
                        "status": status,
                        "version": version,
                    }
                )
            return
        first = self._first_seat_id = decoded.first_seat_id
        seats = [{"seat_id": first + place, "status": s, "version": v} for place, s, v in decoded.seats]
        self._take({"type": "snapshot", "seats": seats})

    def _take(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        if message["type"] == "snapshot":
            self.statuses = {seat["seat_id"]: seat["status"] for seat in message["seats"]}
            self.versions = {seat["seat_id"]: seat["version"] for seat in message["seats"]}
        elif message["type"] == "seat_update":
            if message["version"] <= self.versions[message["seat_id"]]:
                self.stale.append(message)
                return
            self.statuses[message["seat_id"]] = message["status"]
            self.versions[message["seat_id"]] = message["version"]


class Onlooker(Seats):
    """A viewer without a socket: the feed writes to it. While it `is_full`, it has to be skipped."""

    def __init__(self, feed: EventFeed, mode: Mode = "plain") -> None:
        super().__init__()
        self.mode: Mode = mode
        self.is_full = False
        self.ended_with: int | None = None
        self._feed = feed
        feed.join(self)

    def write(self, parcel: Parcel) -> None:
        """Take all messages at once."""
        assert not self.is_full
        assert self.ended_with is None
        for message in parcel.messages:
            self.take(message)

    def end(self, code: int) -> None:
        """Keep the first code."""
        self.ended_with = self.ended_with or code

    def drain(self) -> None:
        """Be ready for more."""
        self.is_full = False
        self._feed.drained(self)

    async def sees(self, seat_id: int, status: str, *, within_s: float = PATIENCE_S) -> None:
        """Wait until the seat has this status. Raises `TimeoutError`."""
        await until(lambda: self.statuses.get(seat_id) == status, within_s=within_s)


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
                self.take(await self.socket.recv())
        except ConnectionClosed as closed:
            self.closed_with = closed.rcvd.code if closed.rcvd else 1006


class _Server(uvicorn.Server):
    """Leaves the signals of the test run alone."""

    @contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # as in uvicorn
        yield


@asynccontextmanager
async def serving(app: ASGIApp, *, send_buffer_bytes: int | None = None, direct: bool = True) -> AsyncIterator[str]:
    """Serve `app` as our services are served, on a port of its own; yields `127.0.0.1:port`.

    `send_buffer_bytes`: how much the system keeps for a client that does not read (default: megabytes). `direct`:
    whether the server offers to write frames directly (shared/chassis/wire.py), as ours does and others do not.
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
            **{**PROTOCOLS, **({} if direct else {"ws": "websockets-sansio"})},
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
