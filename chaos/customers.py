"""The people: they hold, hesitate, confirm, cancel and ask again when they are not sure. Every choice is seeded; what
comes of it depends on the others and on the faults.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chaos.asking import Asker, Question
from chaos.records import Kind, Try

HOT_SEATS = 8
"""Everybody wants these."""


@dataclass(frozen=True)
class Overheard:
    """What one person can know of another's holds and bookings: they must not be able to do anything with it."""

    holds: deque[str] = field(default_factory=lambda: deque(maxlen=50))
    bookings: deque[int] = field(default_factory=lambda: deque(maxlen=50))


class Customer:
    """Somebody signed in."""

    def __init__(
        self,
        *,
        user_id: int,
        token: str,
        asker: Asker,
        parts: list[str],
        event_id: int,
        seats: Callable[[], Sequence[Sequence[int]]],
        chance: Random,
        hold_s: float,
        overheard: Overheard,
    ) -> None:
        """`event_id`: the main event. `seats`: the seats of each event on sale, the main one first."""
        self.user_id = user_id
        self.token = token
        self._asker = asker
        self._parts = parts
        self._event_id = event_id
        self._seats = seats
        self._chance = chance
        self._hold_s = hold_s
        self._overheard = overheard
        self._holds: list[str] = []
        self._bookings: list[int] = []
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
            booking_id = self._bookings.pop(self._chance.randrange(len(self._bookings)))
            self._cancelled.append(booking_id)
            await self._cancel(booking_id)
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

    async def _hold(self) -> None:
        events = self._seats()
        seats = events[0] if len(events) == 1 or self._chance.random() < 0.93 else events[-1]
        if self._chance.random() < 0.5:
            seats = seats[:HOT_SEATS]
        count = self._chance.choice((1, 1, 1, 2, 3, 4))
        wanted = sorted(self._chance.sample(seats, min(count, len(seats))))
        if self._chance.random() < 0.15:
            wanted = await self._offered(count) or wanted
        answer = await self._ask("hold", "/hold-seat", {"seat_ids": wanted}, {"seats": wanted})
        if answer is not None and answer.status == 201:
            self._holds.append(answer.body["hold_id"])
            self._overheard.holds.append(answer.body["hold_id"])

    async def _offered(self, count: int) -> list[int]:
        """Seats of the main event that the service has chosen for a party; none when it does not know any."""
        self._asked += 1
        question = Question(
            key=f"choose-{self.user_id}-{self._asked}",
            kind="choose",
            user_id=self.user_id,
            token="",
            method="POST",
            path="/best-available",
            body={"event_id": self._event_id, "quantity": count},
            asked={"event_id": self._event_id},
        )
        answer = await self._asker.ask(question, self._chance.choice(self._parts))
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
                booked = [booking["id"] for booking in answer.body["bookings"]]
                self._bookings += booked
                self._overheard.bookings.extend(booked)
            if wish > 0.94:  # a second press of the button, with a key of its own
                await self._ask("confirm", "/confirm-booking", body, asked)

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
