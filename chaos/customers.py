"""The people: they hold, hesitate, confirm, cancel, come to the door and ask again when they are not sure. Every choice
is seeded; what comes of it depends on the others and on the faults.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chaos.asking import Asker, Question
from chaos.door import Door, Ticket
from chaos.organiser import FRONT, OnSale
from chaos.records import Kind, Try

HOT_SEATS = 8
"""Everybody wants these."""


@dataclass(frozen=True)
class Overheard:
    """What one person can know of another's holds and bookings: they must not be able to do anything with it."""

    holds: deque[str] = field(default_factory=lambda: deque(maxlen=50))
    bookings: deque[int] = field(default_factory=lambda: deque(maxlen=50))


@dataclass(frozen=True, slots=True)
class Bought:
    """A booking, as its buyer remembers it."""

    booking_id: int
    event_id: int
    seat_id: int


class Customer:
    """Somebody signed in."""

    def __init__(
        self,
        *,
        user_id: int,
        token: str,
        asker: Asker,
        parts: list[str],
        on_sale: Callable[[], Sequence[OnSale]],
        door: Door,
        chance: Random,
        hold_s: float,
        overheard: Overheard,
    ) -> None:
        """`on_sale`: the events, the main one first."""
        self.user_id = user_id
        self.token = token
        self._asker = asker
        self._parts = parts
        self._on_sale = on_sale
        self._door = door
        self._chance = chance
        self._hold_s = hold_s
        self._overheard = overheard
        self._holds: list[str] = []
        self._bookings: list[Bought] = []
        self._cancelled: deque[int] = deque(maxlen=5)
        self._asked = 0

    async def shop(self) -> None:
        """Until cancelled."""
        while True:
            await self._step()
            await asyncio.sleep(self._chance.expovariate(12))

    async def _step(self) -> None:
        if self._chance.random() < 0.03:
            await self._meddle()
        elif self._holds:
            await self._go_on(self._holds[0])
        elif self._bookings and self._chance.random() < 0.5:
            bought = self._bookings.pop(self._chance.randrange(len(self._bookings)))
            self._cancelled.append(bought.booking_id)
            if self._chance.random() < 0.4 and self._may_come(bought):
                await self._come(bought)
            else:
                await self._cancel(bought.booking_id)
        else:
            await self._hold()

    async def _meddle(self) -> None:
        """Cancel once more what was cancelled a while ago, or lay hands on what may be somebody else's."""
        wish = self._chance.random()
        if wish < 0.4 and self._cancelled:
            await self._cancel(self._cancelled[0])
        elif wish < 0.6 and self._overheard.bookings:
            await self._cancel(self._chance.choice(self._overheard.bookings))
        elif self._overheard.holds:
            kind: Kind = self._chance.choice(("release", "release", "confirm", "extend"))
            path = {"release": "/release-hold", "confirm": "/confirm-booking", "extend": "/extend-hold"}[kind]
            hold_id = self._overheard.holds[-1]
            await self._ask(kind, path, {"hold_id": hold_id}, {"hold_id": hold_id})

    async def _cancel(self, booking_id: int) -> None:
        await self._ask("cancel", f"/cancel-booking/{booking_id}", None, {"booking_id": booking_id})

    def _may_come(self, bought: Bought) -> bool:
        """A used ticket is final: a seat that everybody wants stays one that can be bought."""
        return bought.seat_id not in self._on_sale()[0].seats[:HOT_SEATS] and self._door.takes(bought.event_id)

    async def _come(self, bought: Bought) -> None:
        """Show the ticket at the door, and perhaps cancel it while it is being looked at."""
        answer = await self._read("ticket", "GET", f"/tickets/{bought.booking_id}", self.token)
        if answer.status == 200:
            self._door.show(Ticket(bought.booking_id, bought.event_id, answer.body["code"]))
        if self._chance.random() < 0.6:
            await asyncio.sleep(self._chance.uniform(0, 0.02))
            await self._cancel(bought.booking_id)

    async def _hold(self) -> None:
        events = self._on_sale()
        event = events[0] if len(events) == 1 or self._chance.random() < 0.93 else events[-1]
        seats = event.seats[:HOT_SEATS] if self._chance.random() < 0.5 else event.seats
        count = self._chance.choice((1, 1, 1, 2, 3, 4))
        wanted = sorted(self._chance.sample(seats, min(count, len(seats))))
        how = self._chance.random()
        if how < 0.15:
            wanted = await self._offered(events[0].event_id, count) or wanted
        if how > 0.9:
            wish = {"event_id": event.event_id, "quantity": count}
            asked = {**wish, "among": event.front}
            answer = await self._ask("hold", "/hold-seat", {**wish, "categories": [FRONT]}, asked)
        else:
            answer = await self._ask("hold", "/hold-seat", {"seat_ids": wanted}, {"seats": wanted})
        if answer is not None and answer.status == 201:
            self._holds.append(answer.body["hold_id"])
            self._overheard.holds.append(answer.body["hold_id"])

    async def _offered(self, event_id: int, count: int) -> list[int]:
        """Seats that the service has chosen for a party; none when it does not know any."""
        wish = {"event_id": event_id, "quantity": count}
        answer = await self._read("choose", "POST", "/best-available", "", wish)
        offers = answer.body["offers"] if answer.status == 200 else []
        return sorted(offers[0]["seat_ids"]) if offers else []

    async def _go_on(self, hold_id: str) -> None:
        body, asked = {"hold_id": hold_id}, {"hold_id": hold_id}
        wish = self._chance.random()
        if wish < 0.12:
            await self._ask("extend", "/extend-hold", body, asked)
            return
        if wish < 0.20:  # hesitates, perhaps for too long
            await asyncio.sleep(self._chance.uniform(0.2, 1.2) * self._hold_s)
            return
        if wish < 0.32:
            await self._hold()
            return
        self._holds.remove(hold_id)
        if wish < 0.44:
            await self._ask("release", "/release-hold", body, asked)
        elif wish > 0.97:
            return  # forgets about it: the sweep frees it
        else:
            answer = await self._ask("confirm", "/confirm-booking", body, asked)
            if answer is not None and answer.status == 201:
                event_id, booked = answer.body["event_id"], answer.body["bookings"]
                self._bookings += [Bought(booking["id"], event_id, booking["seat_id"]) for booking in booked]
                self._overheard.bookings.extend(booking["id"] for booking in booked)
            if wish > 0.94:  # a second press of the button, with a key of its own
                await self._ask("confirm", "/confirm-booking", body, asked)

    async def _read(self, kind: Kind, method: str, path: str, token: str, body: dict[str, Any] | None = None) -> Try:
        """What changes nothing is asked once."""
        self._asked += 1
        question = Question(
            key=f"{kind}-{self.user_id}-{self._asked}",
            kind=kind,
            user_id=self.user_id,
            token=token,
            method=method,
            path=path,
            body=body,
        )
        return await self._asker.ask(question, self._chance.choice(self._parts))

    async def _ask(self, kind: Kind, path: str, body: dict[str, Any] | None, asked: dict[str, Any]) -> Try | None:
        self._asked += 1
        question = Question(
            key=f"{kind}-{self.user_id}-{self._asked}-{self._chance.getrandbits(64):016x}",
            kind=kind,
            user_id=self.user_id,
            token=self.token,
            method="POST",
            path=path,
            body=body,
            asked=asked,
        )
        # Some people walk away from the first error; what they asked for is settled at the end of the run.
        tries = 1 if self._chance.random() < 0.1 else 8
        answer = await self._asker.settle(question, self._parts, self._chance, tries=tries)
        if answer is not None and self._chance.random() < 0.03:
            await self._asker.ask(question, self._chance.choice(self._parts))  # asks again what it knows
        return answer
