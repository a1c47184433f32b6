"""Everything that people do to seats, over HTTP: in a fixed order, and at random."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.support.apps import SECRET
from tests.support.world import Person, Venue, World

_CODES = TicketCodes(SECRET)


class Shop:
    """The two services that change seats."""

    def __init__(self, world: World, booking: httpx.AsyncClient, events: httpx.AsyncClient) -> None:
        self.world = world
        self._booking = booking
        self._events = events

    async def hold(self, person: Person, *seat_ids: int) -> str:
        """The id of a new hold, or an empty text when it was refused."""
        return str((await self._post("/hold-seat", person, {"seat_ids": list(seat_ids)})).get("hold_id", ""))

    async def extend(self, person: Person, hold_id: str) -> None:
        """A later end for the hold."""
        await self._post("/extend-hold", person, {"hold_id": hold_id})

    async def release(self, person: Person, hold_id: str) -> None:
        """Give the seats back."""
        await self._post("/release-hold", person, {"hold_id": hold_id})

    async def confirm(self, person: Person, hold_id: str) -> list[int]:
        """The ids of the bookings; none when it was refused."""
        order = await self._post("/confirm-booking", person, {"hold_id": hold_id})
        return [booking["id"] for booking in order.get("bookings", [])]

    async def cancel(self, person: Person, booking_id: int) -> None:
        """Cancel the booking."""
        await self._post(f"/cancel-booking/{booking_id}", person)

    async def admit(self, staff: Person, venue: Venue, booking_id: int, *, gate: str, told_later: bool = False) -> None:
        """Show the booking's ticket at a gate; `told_later`: to a scanner that had no network an hour ago."""
        code = _CODES.sign(Ticket(venue.event_id, booking_id))
        body = {"code": code, "event_id": venue.event_id, "gate": gate}
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        await self._post("/check-in", staff, body | ({"scanned_at": an_hour_ago.isoformat()} if told_later else {}))

    async def delete(self, admin: Person, venue: Venue) -> None:
        """Delete the event with whatever is in it."""
        answer = await self._events.delete(f"/events/{venue.event_id}?force=true", headers=admin.headers)
        assert answer.status_code == 204, answer.text

    async def sell(self) -> None:
        """On a new database, so that all numbers are known:

        Ann (1) bought seats 1 and 2 and cancelled 2 (bookings 1, 2). Ben (2) holds 3 and 4, extended. Ann released 5,
        took 6 over from an ended hold of Ben's. Ben bought 7 (booking 3). Seats 8 to 12 are untouched, the event is 1.
        Event 2 had the seats 13 to 16, Ben had bought 13 and 14 (bookings 4, 5), and the organiser (3) deleted it.
        She let Ben in on 7 and (before event 2 was deleted) on 13, and at another gate somebody else on both; and
        somebody on 2, with the ticket that Ann had cancelled. So event 1 has two double entries.
        """
        ann, ben, organiser = [await self.world.person(role=role) for role in ("user", "user", "admin")]
        venue, doomed = await self.world.event(seats=12), await self.world.event(seats=4)
        assert (ann.id, venue.seat_ids[0], doomed.seat_ids[0]) == (1, 1, 13)
        assert await self.confirm(ann, await self.hold(ann, 1, 2)) == [1, 2]
        await self.cancel(ann, 2)
        await self.extend(ben, await self.hold(ben, 3, 4))
        await self.release(ann, await self.hold(ann, 5))
        await self.world.hold(venue, [6], ben, ends_in_s=-1)
        await self.hold(ann, 6)
        assert await self.confirm(ben, await self.hold(ben, 7)) == [3]
        assert await self.confirm(ben, await self.hold(ben, 13, 14)) == [4, 5]
        for where, booking_id in ((venue, 3), (doomed, 4)):
            await self.admit(organiser, where, booking_id, gate="North")
            await self.admit(organiser, where, booking_id, gate="South", told_later=True)
        await self.admit(organiser, venue, 2, gate="South", told_later=True)
        await self.delete(organiser, doomed)

    async def sell_at_random(self, person: Person, venue: Venue, *, steps: int, seed: int) -> None:
        """`steps` times something that one person may do; what is refused is refused."""
        dice = random.Random(seed)  # noqa: S311 - a repeatable sale
        holds: list[str] = []
        bookings: list[int] = []
        for _ in range(steps):
            match dice.choice(("hold", "hold", "hold", "confirm", "confirm", "extend", "release", "cancel", "wait")):
                case "hold":
                    holds.append(await self.hold(person, *dice.sample(venue.seat_ids, dice.randint(1, 3))))
                case "confirm" if holds:
                    bookings += await self.confirm(person, dice.choice(holds))
                case "extend" if holds:
                    await self.extend(person, holds[-1])
                case "release" if holds:
                    await self.release(person, dice.choice(holds))
                case "cancel" if bookings:
                    await self.cancel(person, dice.choice(bookings))
                case _:
                    await asyncio.sleep(dice.uniform(0, 0.2))
            holds = [hold for hold in holds if hold][-3:]

    async def _post(self, path: str, person: Person, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {**person.headers, "Idempotency-Key": uuid4().hex}
        answer = await self._booking.post(path, json=body, headers=headers)
        again = await self._booking.post(path, json=body, headers=headers)
        assert (again.status_code, again.content) == (answer.status_code, answer.content)
        assert answer.status_code < 500, answer.text
        document: dict[str, Any] = answer.json() if answer.content else {}
        return document
