"""One viewer's socket: joins it to its feed, hears that it says nothing, never makes anybody else wait.

No task of its own: the server's task for the connection listens, and whoever has something to say writes.
"""

import asyncio
import time

from starlette.websockets import WebSocket, WebSocketDisconnect

from booking_service.live.feed import EventFeed
from booking_service.live.limits import LiveLimits
from booking_service.live.lines import ViewerLine, line_to
from booking_service.live.parcel import Mode

MAX_MESSAGE_BYTES = 1024
TOO_TALKATIVE = 1008
TOO_BIG = 1009
"""Close codes (RFC 6455 §7.4.1)."""

CLOSE_TIMEOUT_S = 1.0


async def serve(websocket: WebSocket, feed: EventFeed, mode: Mode, limits: LiveLimits) -> None:
    """Show `feed` on the accepted `websocket` until either ends."""
    async with line_to(websocket, mode, limits) as line:
        code = await _show(websocket, feed, line, messages_per_second=limits.messages_per_second)
    if code is not None and not await _close(websocket, code):
        line.abort()


async def _show(websocket: WebSocket, feed: EventFeed, line: ViewerLine, *, messages_per_second: int) -> int | None:
    """Returns the close code, or `None` when the viewer has left."""
    try:
        # No time is set until the line ends; then it is over. That wakes the listener without a second task.
        async with asyncio.timeout(None) as listening:
            line.on_end = lambda: listening.reschedule(0)
            line.on_drained = lambda: feed.drained(line)
            feed.join(line)
            return await _listen(websocket, messages_per_second=messages_per_second)
    except TimeoutError:
        return line.ended_with
    finally:
        feed.leave(line)


async def _listen(websocket: WebSocket, *, messages_per_second: int) -> int | None:
    """Ignore what the viewer says. Returns the close code if it says too much, or `None` when it has left."""
    second_began_at, heard = time.monotonic(), 0
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        if len(message.get("bytes") or (message.get("text") or "").encode()) > MAX_MESSAGE_BYTES:
            return TOO_BIG
        if time.monotonic() - second_began_at >= 1:
            second_began_at, heard = time.monotonic(), 0
        heard += 1
        if heard > messages_per_second:
            return TOO_TALKATIVE


async def _close(websocket: WebSocket, code: int) -> bool:
    """Close politely; says whether the viewer took it, as far as anybody can tell."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await websocket.close(code)
    except TimeoutError:
        return False
    except (WebSocketDisconnect, RuntimeError):
        pass
    return True
