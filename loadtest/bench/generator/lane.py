"""One keep-alive HTTP connection with at most one request in flight, and the smallest parser that will do."""

import asyncio
from collections.abc import Callable
from typing import cast

Heard = Callable[[int, bytes], None]
"""Called with the status and the whole answer, headers included; status 0: the connection is lost."""

_SIZE = b"content-length:"


class UnreadableAnswer(Exception):
    """An answer without a length; our services always give one."""


class Lane(asyncio.Protocol):
    """Write with `ask`; `on_answer` hears what comes."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._pending = b""
        self._wanted = 0
        self.on_answer: Heard = _nobody_asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        # Not isinstance: uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.WriteTransport, transport)

    def ask(self, request: bytes) -> None:
        """Send; the answer goes to `on_answer`."""
        if self._transport is None or self._transport.is_closing():
            # Not from within the call: who asks again and again would never return.
            asyncio.get_running_loop().call_soon(self.on_answer, 0, b"")
            return
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol. Nearly every answer comes in one piece."""
        if self._pending:
            data = self._pending + data
        if not self._wanted:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._pending = data
                return
            self._wanted = end + 4 + _body_bytes(data, end)
        if len(data) < self._wanted:
            self._pending = data
            return
        self._pending, self._wanted = b"", 0
        self.on_answer(int(data[9:12]), data)

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._transport = None
        self.on_answer(0, b"")

    def close(self) -> None:
        """Hang up; nobody is told."""
        self.on_answer = _nobody_asked
        if self._transport is not None:
            self._transport.close()


def _body_bytes(data: bytes, end: int) -> int:
    at = data.find(_SIZE, 0, end)
    if at < 0:
        at = data[:end].lower().find(_SIZE)
    if at < 0:
        if data[9:12] in (b"204", b"304"):
            return 0
        raise UnreadableAnswer(data[:end].decode(errors="replace"))
    return int(data[at + len(_SIZE) : data.find(b"\r", at)])


def _nobody_asked(_status: int, _answer: bytes) -> None:
    """A connection that is closed while nothing is in flight."""
