"""A house with people in it: sales, baskets and one buyer's orders, so that no picture shows an empty page.

Everything is bought through the public API. Only the hours at which it was bought are spread afterwards.
"""

import asyncio
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import asyncpg
import httpx
from playwright.async_api import StorageState

from devstack.stack import ADMIN_EMAIL, Stack

CUSTOMERS = 24
MOST_IN_A_HOLD = 10
LARGE = 5_000
"""From this many seats on, people buy ten at a time: a stadium in threes would take minutes."""
PASSWORD = "lights-down-1987"  # noqa: S105 - of a database that lives as long as the pictures are taken
BUYER = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann Baker"}
SEED = 20

GATES = ("North", "South", "Balcony")
WAITING_OUTSIDE = 20

THEATRE, STADIUM, CONCERT, ARENA = "Hamlet", "Cup Final", "Norah Jones", "Coldplay"
SOLD = {THEATRE: 0.5, CONCERT: 0.62, STADIUM: 0.4}
"""Shares of the events that are looked at closely; of all others, whatever chance says."""


@dataclass
class Person:
    """Somebody signed in, with a client of their own."""

    client: httpx.AsyncClient
    tokens: dict[str, str]

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """POST /api/…; `None` when it is refused because somebody else was quicker."""
        answer = await self.client.post(f"/api{path}", json=body)
        if answer.status_code == 409:
            return None
        answer.raise_for_status()
        said: dict[str, Any] = answer.json() if answer.content else {}
        return said


@dataclass
class House:
    """The running system, and what is going on in it."""

    stack: Stack
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - the same sale every time
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The first event of each name."""
    people: list[Person] = field(default_factory=list)
    order_id: str = ""
    """The buyer's tickets for the theatre."""
    sold: list[tuple[Person, int, int]] = field(default_factory=list)
    """Bookings as they were made: whose, its id, and its event's."""
    used: list[str] = field(default_factory=list)
    """Codes of tickets that have let somebody in."""
    unused: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Sell as though the sale had been going on for a day."""
        self.people = [await self._person(f"customer{n}@example.com") for n in range(CUSTOMERS)]
        self.buyer = await self._person(**BUYER)
        self.organiser = await self._signed_in(ADMIN_EMAIL, self.stack.admin_password)
        listed = (await self.buyer.client.get("/api/events/browse", params={"limit": 100})).json()["items"]
        for event in reversed(listed):
            self.events[event["name"]] = event
        for event in listed:
            await self._sell(event, SOLD.get(event["name"], self.chance.uniform(0.08, 0.85)))
        await self._buy_for_the_buyer()
        await self._come_too_late()
        await self._spread_over_a_day()

    async def close(self) -> None:
        """Let go of all connections."""
        for person in (*self.people, self.buyer, self.organiser):
            await person.client.aclose()

    async def fill_baskets(self, name: str, share: float = 0.04) -> None:
        """Have some of the free seats of an event in other people's baskets, newly held."""
        event = self.events[name]
        for person in self.people:
            await self._empty_basket(person)
        groups = await self._groups(event, most=3)
        self.chance.shuffle(groups)
        wanted = share * sum(map(len, groups))
        for person, nth in zip(self._in_turn(), range(len(groups)), strict=False):
            if wanted <= 0:
                break
            hold = await person.ask("/hold-seat", {"seat_ids": groups[nth]})
            wanted -= len(groups[nth]) if hold else 0

    async def hold_for_the_buyer(self, name: str) -> None:
        """Two seats beside each other in the buyer's basket: the best that are left."""
        await self._empty_basket(self.buyer)
        await self.buyer.ask("/hold-seat", {"event_id": self.events[name]["id"], "quantity": 2})

    async def open_the_door(self, name: str, guests: int) -> None:
        """Let in the first who have come, and keep the tickets of those who stand outside."""
        event_id = self.events[name]["id"]
        sold = [(buyer, booking) for buyer, booking, event in self.sold if event == event_id]
        codes = []
        for person, booking_id in sold[: guests + WAITING_OUTSIDE]:
            codes.append((await person.client.get(f"/api/tickets/{booking_id}")).json()["code"])
        self.used, self.unused = codes[:guests], codes[guests:]
        for nth, code in enumerate(self.used):
            await self.organiser.ask("/check-in", {"code": code, "event_id": event_id, "gate": GATES[nth % len(GATES)]})

    async def empty_the_buyers_basket(self) -> None:
        """Let go of what the buyer holds."""
        await self._empty_basket(self.buyer)

    def kept_by(self, person: Person | None, language: str) -> StorageState:
        """What a browser keeps of this person (`None`: somebody who has not signed in)."""
        kept = [{"name": "frontrow.language", "value": language.split("-")[0]}]
        if person is not None:
            kept.append({"name": "frontrow.session", "value": json.dumps(person.tokens)})
        return {"cookies": [], "origins": [{"origin": self.stack.edge_url, "localStorage": kept}]}  # type: ignore[typeddict-item]  # items are open

    # Buying

    async def _sell(self, event: dict[str, Any], share: float) -> None:
        groups = await self._groups(event, most=4)
        wanted = share * sum(map(len, groups))
        # The dearer half goes first, but not only: nobody sells a house from front to back.
        groups.sort(key=lambda _group: self.chance.random())
        chosen = []
        for group in groups:
            if wanted <= 0:
                break
            chosen.append(group)
            wanted -= len(group)
        lanes = [chosen[nth :: len(self.people)] for nth in range(len(self.people))]
        await asyncio.gather(
            *(self._buy_all(person, lane) for person, lane in zip(self.people, lanes, strict=True) if lane)
        )

    async def _buy_all(self, person: Person, groups: Iterable[Sequence[int]]) -> None:
        for group in groups:
            await self._buy(person, group)

    async def _buy(self, person: Person, seat_ids: Sequence[int]) -> None:
        hold = await person.ask("/hold-seat", {"seat_ids": seat_ids})
        order = hold and await person.ask("/confirm-booking", {"hold_id": hold["hold_id"]})
        if order:
            self.sold += [(person, booking["id"], order["event_id"]) for booking in order["bookings"]]

    async def _buy_for_the_buyer(self) -> None:
        orders = {}
        for name, seats in ((CONCERT, 2), ("Dune: Part Two", 3), ("Stand-up Saturday", 4), (THEATRE, 2)):
            hold = await self.buyer.ask("/hold-seat", {"event_id": self.events[name]["id"], "quantity": seats})
            assert hold is not None, name  # noqa: S101 - half of the house is free
            orders[name] = await self.buyer.ask("/confirm-booking", {"hold_id": hold["hold_id"]})
        dune, hamlet = orders["Dune: Part Two"], orders[THEATRE]
        assert dune is not None  # noqa: S101 - they were held
        assert hamlet is not None  # noqa: S101
        await self.buyer.ask(f"/cancel-booking/{dune['bookings'][0]['id']}", {})
        self.order_id = hamlet["order_id"]

    async def _come_too_late(self) -> None:
        seats = await self._seats(self.events[CONCERT])
        booked = [seat["id"] for seat in seats if seat["status"] == "booked"]
        for person, seat_id in zip(self.people, booked, strict=False):
            await person.ask("/hold-seat", {"seat_ids": [seat_id]})

    async def _spread_over_a_day(self) -> None:
        """Move what was just bought to the hours before, fewer and fewer: a sale of five seconds is no chart."""
        connection = await asyncpg.connect(self.stack.database_url)
        try:
            # The ledger refuses to be rewritten, even by its owner; this database is thrown away in a minute.
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(
                """
                CREATE TEMP TABLE moved AS
                    SELECT id, clock_timestamp() - interval '1 second'
                               * (40 + 86000 * power(random(), 1.6) * (0.75 + 0.25 * sin(random() * 6))) AS at
                    FROM orders
                """
            )
            await connection.execute("UPDATE orders SET created_at = moved.at FROM moved WHERE moved.id = orders.id")
            await connection.execute(
                "UPDATE bookings SET created_at = moved.at FROM moved WHERE moved.id = bookings.order_id"
            )
        finally:
            await connection.close()

    # Seats

    async def _seats(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.people[0].client.get(f"/api/events/{event['id']}/seats")
        seats: list[dict[str, Any]] = answer.json()["seats"]
        return seats

    async def _groups(self, event: dict[str, Any], most: int) -> list[list[int]]:
        """The free seats as people come: neighbours in a row, one to `most` of them together."""
        seats = await self._seats(event)
        most, least = (MOST_IN_A_HOLD, 6) if len(seats) > LARGE else (most, 1)
        groups = []
        for _row, row in groupby(seats, key=lambda seat: (seat["section"], seat["row"])):
            together: list[int] = []
            size = self.chance.randint(least, most)
            for seat in row:
                if seat["status"] == "available":
                    together.append(seat["id"])
                if together and (seat["status"] != "available" or len(together) == size):
                    groups.append(together)
                    together, size = [], self.chance.randint(least, most)
            if together:
                groups.append(together)
        return groups

    async def _empty_basket(self, person: Person) -> None:
        holds = (await person.client.get("/api/my-holds")).json()["items"]
        for hold in holds:
            await person.ask("/release-hold", {"hold_id": hold["hold_id"]})

    def _in_turn(self) -> Iterable[Person]:
        while True:
            yield from self.people

    # People

    async def _person(self, email: str, password: str = PASSWORD, name: str = "") -> Person:
        async with httpx.AsyncClient(base_url=self.stack.edge_url, timeout=60) as client:
            body = {"email": email, "password": password, "name": name}
            (await client.post("/api/register", json=body)).raise_for_status()
        return await self._signed_in(email, password)

    async def _signed_in(self, email: str, password: str) -> Person:
        client = httpx.AsyncClient(base_url=self.stack.edge_url, timeout=60)
        answer = (await client.post("/api/login", json={"email": email, "password": password})).raise_for_status()
        tokens = {name: answer.json()[name] for name in ("access_token", "refresh_token")}
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return Person(client, tokens)
