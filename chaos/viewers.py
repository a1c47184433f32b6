"""Open maps, one on each instance: plain WebSockets that connect again whenever they break."""

import asyncio
import json
import time
from random import Random
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from chaos.log import Write
from chaos.records import Seen


class Viewer:
    """What one open map shows, and the record of all that it was sent."""

    def __init__(self, name: str, url: str, event_id: int, write: Write, *, heartbeat_s: float) -> None:
        self.name = name
        self._address = f"{url.replace('http', 'ws', 1)}/ws/events/{event_id}"
        self._write = write
        # As the protocol says: silence for two heartbeats means connect again. Some slack for a busy machine.
        self._patience_s = 2 * heartbeat_s + 1.0
        self._connection = 0
        self.seats: dict[int, tuple[str, int]] = {}

    async def watch(self, chance: Random) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._one_connection()
            except (WebSocketException, OSError, TimeoutError):
                await asyncio.sleep(chance.uniform(0.05, 0.4))

    async def _one_connection(self) -> None:
        async with connect(self._address, max_size=None, open_timeout=3, close_timeout=1, ping_interval=None) as socket:
            self._connection += 1
            while True:
                async with asyncio.timeout(self._patience_s):
                    text = await socket.recv()
                self._take(json.loads(text), time.monotonic())

    def _take(self, message: dict[str, Any], at: float) -> None:
        if message["type"] == "snapshot":
            listed = [(s["seat_id"], s["status"], s["version"]) for s in message["seats"]]
            self.seats = {seat_id: (status, version) for seat_id, status, version in listed}
            self._write(Seen(self.name, self._connection, at, True, listed))
        elif message["type"] == "seat_update":
            seat_id, status, version = message["seat_id"], message["status"], message["version"]
            if version > self.seats[seat_id][1]:
                self.seats[seat_id] = (status, version)
            self._write(Seen(self.name, self._connection, at, False, [(seat_id, status, version)]))
        elif message["type"] == "heartbeat":
            self._write(Seen(self.name, self._connection, at, False, []))
