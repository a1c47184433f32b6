"""The door: two gates that scan what people show, twice, late and for the wrong event, while its owners may cancel it.

A used ticket is final, so the door would soon have the whole house: it takes tickets of the main event one by one.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from chaos.asking import Asker, Question
from chaos.organiser import OnSale

GATES = ("North", "South")
TAKEN = 0.35
"""So much of the main event's seats may be shown in a run, evenly over its time; about half of them is let in."""
MADE_UP = "FR1FKNR4GSSWCN6Q2PD5L7ZJ4M3X2YA"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that somebody has shown."""

    booking_id: int
    event_id: int
    code: str


class Door:
    """Everybody who stands at a gate, with the scanners of one administrator."""

    def __init__(
        self,
        *,
        token: str,
        asker: Asker,
        parts: Sequence[str],
        on_sale: Callable[[], Sequence[OnSale]],
        chance: Random,
        seconds: float,
    ) -> None:
        """`on_sale`: the events, the main one first. `seconds`: how long the run lasts."""
        self._token = token
        self._asker = asker
        self._parts = list(parts)
        self._on_sale = on_sale
        self._chance = chance
        self._seconds = seconds
        self._opened = time.monotonic()
        self._shown_of_main = 0
        self._queue: asyncio.Queue[Ticket] = asyncio.Queue()
        self._seen: deque[Ticket] = deque(maxlen=40)
        self._scans = 0

    def takes(self, event_id: int) -> bool:
        """Whether a ticket of this event may be shown by now."""
        main = self._on_sale()[0]
        passed = (time.monotonic() - self._opened) / self._seconds
        return event_id != main.event_id or self._shown_of_main < TAKEN * len(main.seats) * passed

    def show(self, ticket: Ticket) -> None:
        """Somebody has come."""
        self._shown_of_main += ticket.event_id == self._on_sale()[0].event_id
        self._queue.put_nowait(ticket)

    async def stand_at(self, gate: str) -> None:
        """Scan what is shown, and now and then what was shown before, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._chance.expovariate(4)):
                    ticket = await self._queue.get()
            except TimeoutError:
                if self._seen:  # somebody has come with a copy, or comes back
                    await self._scan(self._chance.choice(self._seen), gate)
                continue
            self._seen.append(ticket)
            await self._look_at(ticket, gate)

    async def _look_at(self, ticket: Ticket, gate: str) -> None:
        wish = self._chance.random()
        if wish < 0.1:
            await self._scan(ticket, gate, made_up=True)
        elif wish < 0.2:
            await self._scan(ticket, gate, event_id=self._chance.choice(self._on_sale()).event_id)
        elif wish < 0.6:  # two come with the same ticket
            await asyncio.gather(*(self._scan(ticket, each) for each in GATES))
            return
        await self._scan(ticket, gate)

    async def _scan(self, ticket: Ticket, gate: str, *, event_id: int | None = None, made_up: bool = False) -> None:
        """Ask until it is known whether they may come in; one in ten gives up, and is told at the end of the run."""
        self._scans += 1
        event_id = event_id or ticket.event_id
        question = Question(
            key=f"admit-{self._scans}-{self._chance.getrandbits(64):016x}",
            kind="admit",
            user_id=0,
            token=self._token,
            method="POST",
            path="/check-in",
            body={"code": MADE_UP if made_up else ticket.code, "event_id": event_id, "gate": gate},
            asked={
                "booking_id": ticket.booking_id,
                "gate": gate,
                "event_id": event_id,
                "ticket_of": None if made_up else ticket.event_id,
            },
        )
        tries = 1 if self._chance.random() < 0.1 else 8
        answer = await self._asker.settle(question, self._parts, self._chance, tries=tries)
        if answer is not None and self._chance.random() < 0.1:
            await self._asker.ask(question, self._chance.choice(self._parts))  # the scanner missed the answer
