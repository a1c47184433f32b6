"""An answer leaves in one system call.

Uvicorn writes an answer's head and its body one after the other, and uvloop hands each write to the system at once: two
calls (and packets) for each small answer, which was an eighth of what a hold cost the service.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CoalescingTransport:
    """A transport whose writes within one turn of the event loop leave together."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        """See asyncio."""
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(data)

    def flush(self) -> None:
        """Write what waits."""
        data, self._waiting = b"".join(self._waiting), []
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def close(self) -> None:
        """See asyncio: what was written before is sent first."""
        self.flush()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class OneWriteProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """See asyncio."""
        # It behaves as one, and uvicorn asks for no more.
        super().connection_made(cast(asyncio.Transport, CoalescingTransport(transport, self.loop)))

    def handle_websocket_upgrade(self) -> None:
        """A WebSocket has its own way of writing (`wire`)."""
        if isinstance(self.transport, CoalescingTransport):
            self.transport.flush()
            self.transport = self.transport.transport
        super().handle_websocket_upgrade()
