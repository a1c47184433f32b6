"""The administrator: puts the event on sale, and now and then a second one, which is deleted while people buy."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp

from chaos.asking import Asker, Question

SECOND_EVENT_SEATS = 20
FRONT = "floor"
"""The category of the seats that everybody wants, and of about half of each event."""


@dataclass(frozen=True, slots=True)
class OnSale:
    """An event with its seats, and those `front` ones that a hold in one call may choose among."""

    event_id: int
    seats: Sequence[int]
    front: Sequence[int]


class Organiser:
    """`on_sale()` is what people buy."""

    def __init__(self, session: aiohttp.ClientSession, events_url: str, *, user_id: int, token: str) -> None:
        self._session = session
        self._events_url = events_url
        self._user_id = user_id
        self.token = token
        self._on_sale: dict[int, OnSale] = {}
        self._deletions = 0

    def on_sale(self) -> Sequence[OnSale]:
        """The events, the main one first."""
        return list(self._on_sale.values())

    async def open_event(self, name: str, *, capacity: int) -> int:
        """Put an event on sale; its id. Raises aiohttp.ClientError or TimeoutError when that fails."""
        body = {
            "name": name,
            "event_type": "concert",
            "venue": "Aurora Theatre",
            "city": "Berlin",
            "start_time": "2099-12-24T19:30:00Z",
            "capacity": capacity,
            "base_price": 3000,
        }
        created = await self._call("POST", "/events", body)
        event_id: int = created["id"]
        seats = (await self._call("GET", f"/events/{event_id}/seats"))["seats"]
        front = [seat["id"] for seat in seats if seat["category"] == FRONT]
        self._on_sale[event_id] = OnSale(event_id, [seat["id"] for seat in seats], front)
        return event_id

    async def open_and_delete(self, asker: Asker, chance: Random) -> None:
        """A second event comes and goes, until cancelled."""
        while True:
            await asyncio.sleep(chance.uniform(2, 5))
            try:
                event_id = await self.open_event("Second stage", capacity=SECOND_EVENT_SEATS)
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue  # if it is there after all, nobody knows of it
            await asyncio.sleep(chance.uniform(2, 5))
            self._deletions += 1
            question = Question(
                key=f"delete-event-{self._deletions}",
                kind="delete-event",
                user_id=self._user_id,
                token=self.token,
                method="DELETE",
                path=f"/events/{event_id}?force=true",
                asked={"event_id": event_id},
            )
            await asker.settle(question, ["events"], chance, tries=20)
            # People still try to hold its seats for a moment, as they do with an old page.
            await asyncio.sleep(chance.uniform(0.2, 0.6))
            del self._on_sale[event_id]

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self._session.request(
            method, self._events_url + path, json=body, headers=headers, raise_for_status=True
        ) as response:
            document: dict[str, Any] = await response.json()
            return document
