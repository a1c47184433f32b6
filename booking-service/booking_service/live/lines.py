"""The way to one viewer: written to directly where the server can do that, by ASGI's own means elsewhere.

Either way a viewer that takes nothing costs a bounded amount of memory, is skipped while that much waits, and is let go
after a while.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.websockets import WebSocket, WebSocketDisconnect

from booking_service.live.limits import LiveLimits
from booking_service.live.parcel import Mode, Parcel
from shared.chassis.wire import EXTENSION, Wire

TOO_SLOW = 4008
"""Close code (4000 and above are the application's): took nothing for too long."""


class ViewerLine(ABC):
    """What both ways have in common: being full, and the end. A `Line` (`booking_service.live.audience`)."""

    def __init__(self, mode: Mode, limits: LiveLimits) -> None:
        self.mode: Mode = mode
        self.is_full = False
        self.ended_with: int | None = None
        self.on_drained: Callable[[], None] = _ignore
        self.on_end: Callable[[], None] = _ignore
        self._limits = limits

    @abstractmethod
    def write(self, parcel: Parcel) -> None:
        """See `Line`."""

    def end(self, code: int) -> None:
        """See `Line`. The first code counts."""
        if self.ended_with is None:
            self.ended_with = code
            self.on_end()

    def abort(self) -> None:  # noqa: B027 - a server that offers no more than ASGI has no such thing
        """Drop what waits for a viewer that does not even take the close, where that is possible."""


class DirectLine(ViewerLine):
    """Writes the same encoded frames to everybody's socket. Costs neither a task nor a queue."""

    def __init__(self, wire: Wire, mode: Mode, limits: LiveLimits) -> None:
        super().__init__(mode, limits)
        self._wire = wire
        self._patience: asyncio.TimerHandle | None = None
        wire.watch(waiting_bytes=limits.waiting_bytes, on_full=self._full, on_drained=self._drained)

    def write(self, parcel: Parcel) -> None:
        """See `Line`."""
        self._wire.write(parcel.frames)

    def abort(self) -> None:
        """See `ViewerLine`."""
        self._wire.abort()

    def close(self) -> None:
        """Hear no more of the socket."""
        self._wire.unwatch()
        self._stop_waiting()

    def _full(self) -> None:
        self.is_full = True
        self._patience = asyncio.get_running_loop().call_later(self._limits.send_timeout_s, self.end, TOO_SLOW)

    def _drained(self) -> None:
        self.is_full = False
        self._stop_waiting()
        self.on_drained()

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class QueueLine(ViewerLine):
    """Sends each message in a task of its own, for servers that do not offer more. Slower, with the same limits."""

    def __init__(self, websocket: WebSocket, mode: Mode, limits: LiveLimits) -> None:
        super().__init__(mode, limits)
        self._websocket = websocket
        self._parcels: deque[Parcel] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()

    def write(self, parcel: Parcel) -> None:
        """See `Line`."""
        self._parcels.append(parcel)
        self._waiting_bytes += _size(parcel)
        self.is_full = self._waiting_bytes > self._limits.waiting_bytes
        self._wake.set()

    def end(self, code: int) -> None:
        """See `Line`. What was written is sent first."""
        if self.ended_with is None:
            self.ended_with = code
            self._wake.set()

    async def send(self) -> None:
        """Send what is written, until the end."""
        try:
            while self.ended_with is None:
                self._wake.clear()
                await self._send_all()
                await self._wake.wait()
            await self._send_all()
        except TimeoutError:
            self.ended_with = TOO_SLOW
        except WebSocketDisconnect:
            return  # whoever listens to the viewer hears of it
        self.on_end()

    async def _send_all(self) -> None:
        while self._parcels:
            parcel = self._parcels.popleft()
            for message in parcel.messages:
                kind = "text" if isinstance(message, str) else "bytes"
                async with asyncio.timeout(self._limits.send_timeout_s):
                    await self._websocket.send({"type": "websocket.send", kind: message})
            self._waiting_bytes -= _size(parcel)
        if self.is_full:
            self.is_full = False
            self.on_drained()


@asynccontextmanager
async def line_to(websocket: WebSocket, mode: Mode, limits: LiveLimits) -> AsyncIterator[ViewerLine]:
    """The best way there is to the viewer at the accepted `websocket`, until the block ends."""
    wire = websocket.scope.get("extensions", {}).get(EXTENSION)
    if wire is not None:
        direct = DirectLine(wire, mode, limits)
        try:
            yield direct
        finally:
            direct.close()
        return
    queue = QueueLine(websocket, mode, limits)
    sending = asyncio.create_task(queue.send(), name="live: sending")
    try:
        yield queue
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


def _size(parcel: Parcel) -> int:
    return sum(map(len, parcel.messages))


def _ignore() -> None:
    pass
