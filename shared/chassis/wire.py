"""Whole WebSocket frames, written to a socket at once: an ASGI extension that our server offers.

ASGI's own `send` encodes every message anew for every client, and waits for the client. To say one thing to a thousand
clients, encode it once (`frame`) and write the same bytes to each (`Wire`): ADR-0022. This is the only module that
knows uvicorn from inside; `tests/integration/booking/test_live_wire.py` fails when uvicorn changes what is used here.
"""

from collections.abc import Callable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "frontrow.wire"
"""Key in a WebSocket scope's `extensions`; the value is the connection's `Wire`. Other servers do not offer it."""

_TEXT, _BINARY, _LAST = 0x1, 0x2, 0x80


def frame(message: str | bytes) -> bytes:
    """The message as one frame from server to client (RFC 6455 §5.2): not masked, so the same for everybody."""
    payload, opcode = (message.encode(), _TEXT) if isinstance(message, str) else (message, _BINARY)
    length = len(payload)
    if length < 126:
        return bytes((_LAST | opcode, length)) + payload
    if length < 1 << 16:
        return bytes((_LAST | opcode, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_LAST | opcode, 127)) + length.to_bytes(8, "big") + payload


class Wire:
    """The way to one client, past ASGI's `send` but not past its flow control. Use it after accepting the socket."""

    def __init__(self, protocol: "WireProtocol") -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._on_full: Callable[[], None] = _ignore
        self._on_drained: Callable[[], None] = _ignore

    def watch(self, *, waiting_bytes: int, on_full: Callable[[], None], on_drained: Callable[[], None]) -> None:
        """Call `on_full` when more than this waits in this process for the client, `on_drained` when most is taken.

        What waits is never dropped; only the caller can stop writing.
        """
        self._on_full, self._on_drained = on_full, on_drained
        self._transport.set_write_buffer_limits(high=waiting_bytes)

    def unwatch(self) -> None:
        """Call nobody any more."""
        self._on_full = self._on_drained = _ignore

    def write(self, frames: bytes) -> None:
        """Write whole frames, now or when the client takes them. Does nothing once the socket is closing."""
        if not (self._protocol.close_sent or self._transport.is_closing()):
            self._transport.write(frames)

    def abort(self) -> None:
        """Drop the connection and what waits for it. A polite close keeps both, for as long as the client likes."""
        self._transport.abort()

    def paused(self) -> None:
        """The transport has more than it wants."""
        self._on_full()

    def resumed(self) -> None:
        """The transport is ready for more."""
        self._on_drained()


class WireProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, offering the extension."""

    _wire: Wire | None = None

    async def run_asgi(self) -> None:
        """Run the app with the extension in its scope."""
        self._wire = Wire(self)
        self.scope["extensions"][EXTENSION] = self._wire  # type: ignore[assignment]  # uvicorn lists its own only
        await super().run_asgi()

    def pause_writing(self) -> None:
        """Pass on what the transport says, as `asyncio.Protocol` does."""
        super().pause_writing()
        if self._wire is not None:
            self._wire.paused()

    def resume_writing(self) -> None:
        """See `pause_writing`."""
        super().resume_writing()
        if self._wire is not None:
            self._wire.resumed()


def _ignore() -> None:
    pass
