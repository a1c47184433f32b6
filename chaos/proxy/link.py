"""The wire between one service and one server. Honest until it is told otherwise."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Self

from chaos.proxy.frames import Frames, PostgresFrames, RedisFrames, acknowledges_commit, is_news

Address = Callable[[], tuple[str, int]]
"""Where the server is; asked for each connection."""

# What asks for encryption before the first real message (SSLRequest, GSSENCRequest): 8 bytes, answered with one letter.
_WANTS_ENCRYPTION = (b"\x00\x00\x00\x08\x04\xd2\x16\x2f", b"\x00\x00\x00\x08\x04\xd2\x16\x30")
_CHUNK = 65536


class Link:
    """Listens on 127.0.0.1:`port` while inside the `async with`."""

    def __init__(self, name: str, *, port: int, server: Address) -> None:
        self.name = name
        self.port = port
        self._server_address = server
        self._wires: set[_Wire] = set()
        self._listener: asyncio.Server | None = None
        self.delay_s = 0.0
        """How much later everything arrives, in both directions."""
        self.swallows = False
        """Whether everything disappears, and nobody is told."""

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=_CHUNK)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._listener is not None:
            self._listener.close()
        self.cut()

    def cut(self) -> int:
        """Reset every connection; how many there were."""
        wires = list(self._wires)
        for wire in wires:
            wire.cut()
        return len(wires)

    def frames(self) -> Frames | None:
        """How to read what the server sends; None: it is passed on unread."""
        return None

    def lateness_s(self, frame: bytes) -> float | None:
        """How much later this message of the server arrives; None: never. Raises `_Cut` when the connection is to break
        in its place.
        """
        return 0.0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = _Wire(self, reader, writer)
        self._wires.add(wire)
        try:
            await wire.carry(*self._server_address())
        finally:
            self._wires.discard(wire)


class PostgresLink(Link):
    """To PostgreSQL. Can lose the acknowledgement of a COMMIT, which the other side then knows nothing about."""

    commits_to_cut = 0
    """How many of the next acknowledgements break their connection instead of arriving."""
    commits_cut = 0

    def frames(self) -> Frames:
        """See `Link`."""
        return PostgresFrames()

    def lateness_s(self, frame: bytes) -> float | None:
        """See `Link`."""
        if self.commits_to_cut > 0 and acknowledges_commit(frame):
            self.commits_to_cut -= 1
            self.commits_cut += 1
            raise _Cut
        return 0.0


class RedisLink(Link):
    """To Redis. Can lose or delay the messages of channels."""

    loses_news = False
    news_delay_s = 0.0
    news_touched = 0

    def frames(self) -> Frames:
        """See `Link`."""
        return RedisFrames()

    def lateness_s(self, frame: bytes) -> float | None:
        """See `Link`."""
        if not is_news(frame) or not (self.loses_news or self.news_delay_s):
            return 0.0
        self.news_touched += 1
        return None if self.loses_news else self.news_delay_s


class _Cut(Exception):
    """This connection breaks here."""


class _Wire:
    """One connection, both directions."""

    def __init__(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._link = link
        self._reader = reader
        self._writers = [writer]
        self._pumps: list[asyncio.Task[None]] = []

    async def carry(self, host: str, port: int) -> None:
        client = self._writers[0]
        try:
            first = await self._reader.read(_CHUNK)
            while first in _WANTS_ENCRYPTION:
                # Refused in the server's place, so that the messages can be read.
                client.write(b"N")
                first = await self._reader.read(_CHUNK)
            from_server, server = await asyncio.open_connection(host, port, limit=_CHUNK)
            self._writers.append(server)
            server.write(first)
            self._pumps = [
                asyncio.create_task(self._pump(self._reader, server, None)),
                asyncio.create_task(self._pump(from_server, client, self._link.frames())),
            ]
            await asyncio.wait(self._pumps, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.cut()

    def cut(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        for writer in self._writers:
            endpoint = writer.get_extra_info("socket")
            if endpoint is not None and not writer.transport.is_closing():
                # Without lingering, closing is a reset: what a crash looks like from the other side.
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, frames: Frames | None) -> None:
        with contextlib.suppress(OSError, _Cut):
            while data := await reader.read(_CHUNK):
                if self._link.delay_s:
                    await asyncio.sleep(self._link.delay_s)
                if self._link.swallows:
                    continue
                if writer.transport.is_closing():
                    return
                if frames is None:
                    writer.write(data)
                else:
                    for frame in frames.feed(data):
                        late_s = self._link.lateness_s(frame)
                        if late_s:
                            # What comes after it is not kept waiting: so news is not only late, but out of order too.
                            asyncio.get_running_loop().call_later(late_s, _write, writer, frame)
                        elif late_s is not None:
                            _write(writer, frame)
                await writer.drain()


def _write(writer: asyncio.StreamWriter, frame: bytes) -> None:
    if not writer.transport.is_closing():
        writer.write(frame)
