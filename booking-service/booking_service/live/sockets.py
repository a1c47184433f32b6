"""One viewer's socket: sends it what its feed has, hears that it says nothing, never makes anybody else wait."""

import asyncio
import time

from starlette.websockets import WebSocket, WebSocketDisconnect

from booking_service.live.feed import EventFeed
from booking_service.live.limits import LiveLimits
from booking_service.live.messages import Resync, encode

MAX_MESSAGE_BYTES = 1024
TOO_TALKATIVE = 1008
TOO_BIG = 1009
TOO_SLOW = 4008
"""Close codes (RFC 6455 §7.4.1; 4000 and above are the application's)."""

CLOSE_TIMEOUT_S = 1.0


async def serve(websocket: WebSocket, feed: EventFeed, limits: LiveLimits) -> None:
    """Show `feed` on the accepted `websocket` until either ends."""
    sending = asyncio.create_task(_send(websocket, feed, send_timeout_s=limits.send_timeout_s))
    listening = asyncio.create_task(_listen(websocket, messages_per_second=limits.messages_per_second))
    tasks = (sending, listening)
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    close_code = (sending if sending in done else listening).result()
    if close_code is not None:
        await _close(websocket, close_code)


async def _send(websocket: WebSocket, feed: EventFeed, *, send_timeout_s: float) -> int | None:
    """Send the feed's snapshot and frames. Returns the close code, or `None` when the viewer has left."""

    async def send(frame: str) -> None:
        # Waits only for this viewer's own buffer; the feed goes on without it.
        async with asyncio.timeout(send_timeout_s):
            await websocket.send({"type": "websocket.send", "text": frame})

    try:
        snapshot, position = feed.snapshot()
        await send(snapshot)
        while True:
            frames = feed.after(position)
            if frames is None:
                await send(encode(Resync(feed.event_id)))
                snapshot, position = feed.snapshot()
                await send(snapshot)
                continue
            for frame in frames:
                await send(frame)
            position += len(frames)
            if not frames:
                if feed.closed_with is not None:
                    return feed.closed_with
                await feed.news()
    except TimeoutError:
        return TOO_SLOW
    except WebSocketDisconnect:
        return None


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


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        # A viewer that takes nothing does not take this either; when we return, the server drops the connection.
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await websocket.close(code)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        pass
