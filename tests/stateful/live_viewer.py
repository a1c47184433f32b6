"""A viewer on an in-process socket: reads when it likes, leaves when it likes, and hears what any client would."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI

from booking_service.live import Hub, router
from tests.stateful.live_modes import Mode

_app = FastAPI()
_app.include_router(router)


class Viewer:
    """One connection, through the route that all viewers use; open until `leave`, or until it is closed."""

    def __init__(self, hub: Hub, event_id: int, mode: Mode) -> None:
        """Connect, in a task of its own; `map.seats` is empty until the snapshot comes."""
        self.map = mode.new_map()
        self.closed_with: int | None = None
        self._mode = mode
        self._reads = asyncio.Event()
        self._reads.set()
        self._leaves = asyncio.Event()
        self._is_greeted = False
        scope = {
            "type": "websocket",
            "scheme": "ws",
            "path": f"/ws/events/{event_id}",
            "query_string": b"",
            "headers": [(b"host", b"testserver")],
            "subprotocols": list(mode.offered),
            "extensions": {"websocket.http.response": {}},
            "state": {"hub": hub},
        }
        self._task = asyncio.create_task(_app(scope, self._receive, self._send))

    @property
    def is_reading(self) -> bool:
        """Whether it takes what it is sent."""
        return self._reads.is_set()

    def stop_reading(self) -> None:
        """Take nothing from now on, as somebody with a bad connection does; the connection stays."""
        self._reads.clear()

    def read_on(self) -> None:
        """Take what waits, and what comes."""
        self._reads.set()

    def leave(self) -> None:
        """Close the connection. Whoever has not been let in yet is noticed to have left when that happens."""
        self._leaves.set()
        self._reads.set()

    async def is_gone(self) -> None:
        """Wait until the service has noticed. Raises what the service has raised."""
        await self._task

    async def _receive(self) -> MutableMapping[str, Any]:
        if not self._is_greeted:
            self._is_greeted = True
            return {"type": "websocket.connect"}
        await self._leaves.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                if message.get("subprotocol") != self._mode.chosen:
                    self.map.faults.append(f"was given the subprotocol {message.get('subprotocol')}")
            case "websocket.send":
                await self.hear(message.get("text") or message["bytes"])
            case "websocket.close":
                self.closed_with = message.get("code", 1000)
            case refused:
                self.map.faults.append(f"was refused: {refused} {message}")

    async def hear(self, message: str | bytes) -> None:
        """Take one message, in one's own time."""
        await self._reads.wait()
        if not self._leaves.is_set():
            self.map.take(message)
