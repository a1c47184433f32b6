"""Viewers: thousands of WebSockets in one process, which count frames and remember when each payload came last."""

import asyncio
import base64
import os
import time
from collections.abc import Sequence
from typing import cast

from loadtest.bench.plans import Heard, Watch, Watched

AT_ONCE = 100
"""Handshakes under way at the same time: fewer than any backlog."""
LARGEST_NOTED_BYTES = 4096
"""Snapshots are longer, and no two sockets get the same one at the same time."""


class Arrivals:
    """What all sockets got so far. Equal payloads are one entry: every viewer of an event gets the same bytes."""

    def __init__(self) -> None:
        self.frames = 0
        self.bytes = 0
        self.lost = 0
        self._seen: dict[bytes, list[float]] = {}

    def note(self, payload: bytes, now: float) -> None:
        """One frame came."""
        self.frames += 1
        self.bytes += len(payload)
        if len(payload) > LARGEST_NOTED_BYTES:
            return
        entry = self._seen.get(payload)
        if entry is None:
            self._seen[payload] = [1, now, now]
        else:
            entry[0] += 1
            entry[2] = now

    def heard(self) -> list[Heard]:
        """Each payload, in the order in which the first socket got it."""
        return [Heard(payload, int(count), first, last) for payload, (count, first, last) in self._seen.items()]


class Socket(asyncio.Protocol):
    """One viewer. Frames of a server are not masked; ours are never split."""

    def __init__(self, arrivals: Arrivals, path: str, subprotocol: str | None) -> None:
        self._arrivals = arrivals
        self._path = path
        self._offer = subprotocol
        self._pending = b""
        self._is_open = False
        self._transport: asyncio.WriteTransport | None = None
        self.opened: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        """The subprotocol that the server chose, once it has sent the first frame."""
        self._chosen: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        # Not isinstance: uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.WriteTransport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        offer = f"Sec-WebSocket-Protocol: {self._offer}\r\n" if self._offer else ""
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{offer}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._pending:
            data = self._pending + data
            self._pending = b""
        if not self._is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._pending = data
                return
            if data[9:12] != b"101":
                self.opened.set_exception(ConnectionError(data[:300].decode(errors="replace")))
                return
            for line in data[:end].decode("latin-1").split("\r\n"):
                name, _, value = line.partition(":")
                if name.lower() == "sec-websocket-protocol":
                    self._chosen = value.strip()
            self._is_open = True
            data = data[end + 4 :]
        if data:
            self._frames(data)

    def _frames(self, data: bytes) -> None:
        now = time.time()
        at, size = 0, len(data)
        while size - at >= 2:
            length, begin = data[at + 1], at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if begin + length > size:
                break
            opcode = data[at] & 15
            if opcode <= 2:
                self._arrivals.note(data[begin : begin + length], now)
                if not self.opened.done():
                    self.opened.set_result(self._chosen)
            elif opcode == 9 and self._transport is not None:
                # A pong, masked with zeros, which leave it as it is.
                self._transport.write(bytes((0x8A, 0x80 | length, 0, 0, 0, 0)) + data[begin : begin + length])
            at = begin + length
        self._pending = data[at:]

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._arrivals.lost += 1
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed before the first frame"))


async def open_all(plan: Watch, arrivals: Arrivals) -> tuple[list[asyncio.Transport], str | None]:
    """Every socket of the plan, each with its first frame received; and the subprotocol that the server chose."""
    loop = asyncio.get_running_loop()
    turn = asyncio.Semaphore(AT_ONCE)

    async def open_one(port: int, path: str) -> tuple[asyncio.Transport, str | None]:
        async with turn:
            transport, socket = await loop.create_connection(
                lambda: Socket(arrivals, path, plan.subprotocol), "127.0.0.1", port
            )
            return transport, await asyncio.wait_for(socket.opened, 30)

    opened = await asyncio.gather(*(open_one(port, path) for port, path in plan.sockets))
    chosen = {subprotocol for _, subprotocol in opened}
    return [transport for transport, _ in opened], chosen.pop() if len(chosen) == 1 else None


def report(arrivals: Arrivals, transports: Sequence[asyncio.Transport], subprotocol: str | None) -> Watched:
    """What came until now; the CPU time is filled in by the caller."""
    return Watched(
        opened=len(transports),
        subprotocol=subprotocol,
        frames=arrivals.frames,
        bytes=arrivals.bytes,
        heard=arrivals.heard(),
        lost=arrivals.lost,
        cpu_s=0.0,
    )
