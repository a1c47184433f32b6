"""A hub behind real sockets, and viewers that read them slowly."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from booking_service.live import Hub, router
from shared.contracts.live_messages import SeatChange, SeatChanges
from tests.support.live import hub_on, serving
from tests.support.world import Venue


@asynccontextmanager
async def live_map(
    database_url: str, redis_url: str, *, send_buffer_bytes: int | None = None, direct: bool = True, **limits: Any
) -> AsyncIterator[tuple[Hub, str]]:
    """A hub and the address of its sockets."""
    limits = {"heal_interval_s": 0.2, **limits}

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        yield {"hub": hub}

    async with hub_on(database_url, redis_url, **limits) as hub:
        app = FastAPI(lifespan=lifespan)
        app.include_router(router)
        async with serving(app, send_buffer_bytes=send_buffer_bytes, direct=direct) as address:
            yield hub, address


def url(address: str, event_id: object) -> str:
    return f"ws://{address}/ws/events/{event_id}"


async def refusal(address: str, event_id: object, **options: Any) -> InvalidStatus:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url(address, event_id), **options)
    return refused.value


def news(venue: Venue, place: int, status: Any, version: int) -> SeatChanges:
    return SeatChanges(venue.event_id, [SeatChange(venue.seat_ids[place], status, version)])


def everything_blocked(venue: Venue, version: int) -> SeatChanges:
    return SeatChanges(venue.event_id, [SeatChange(seat, "blocked", version) for seat in venue.seat_ids])


@asynccontextmanager
async def slow_reader(address: str, event_id: int) -> AsyncIterator[socket.socket]:
    """A viewer that shakes hands, and then reads nothing unless asked to."""
    host, port = address.split(":")
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await loop.sock_connect(connection, (host, int(port)))
        await loop.sock_sendall(
            connection,
            f"GET /ws/events/{event_id} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode(),
        )
        yield connection


async def read_until(connection: socket.socket, done: Any) -> list[str]:
    """Read raw frames until `done(types of messages)`, and one message more."""
    loop = asyncio.get_running_loop()
    buffer = b""
    types: list[str] = []
    async with asyncio.timeout(30):
        while b"\r\n\r\n" not in buffer:
            buffer += await loop.sock_recv(connection, 65536)
        buffer = buffer.partition(b"\r\n\r\n")[2]
        while not done(types[:-1]):
            while (frame := _frame(buffer)) is None:
                buffer += await loop.sock_recv(connection, 65536)
            payload, buffer = frame
            if payload.startswith(b"{"):  # the rest are the server's pings
                types.append(json.loads(payload)["type"])
    return types


def _frame(buffer: bytes) -> tuple[bytes, bytes] | None:
    """The payload of the first (unmasked, whole) frame and the rest; `None` while it is incomplete (RFC 6455 §5.2)."""
    if len(buffer) < 10:
        return None
    length, start = buffer[1] & 127, 2
    if length == 126:
        length, start = int.from_bytes(buffer[2:4]), 4
    elif length == 127:
        length, start = int.from_bytes(buffer[2:10]), 10
    if len(buffer) < start + length:
        return None
    return buffer[start : start + length], buffer[start + length :]
