"""Deleting an event while people hold and confirm its seats: nobody is told "booked" without being remembered."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from events_service.administration.repository import EventRepository
from shared.models import Seat
from tests.integration.events.aftermath import EVERY_TABLE_OF_AN_EVENT, audit, rows_left
from tests.integration.events.conftest import Organiser
from tests.integration.events.sales import HoldIsGone, confirm, hold
from tests.support.world import Person, Venue, World

ROUNDS = 4
BUYERS = 8

GONE = dict.fromkeys(EVERY_TABLE_OF_AN_EVENT, 0)


@dataclass
class Buyer:
    """Holds and confirms seats on a connection of their own until the event is gone."""

    connection: "asyncpg.Connection[asyncpg.Record]"
    person: Person
    booked: list[int] = field(default_factory=list)

    async def buy_until_gone(self, venue: Venue) -> None:
        while await self.connection.fetchval("SELECT count(*) FROM seats WHERE event_id = $1", venue.event_id):
            hold_id = await hold(self.connection, random.sample(venue.seat_ids, 3), self.person)
            if hold_id is not None:
                with suppress(HoldIsGone):
                    self.booked += await confirm(self.connection, venue.event_id, hold_id, self.person)


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(database_url)
    try:
        yield connection
    finally:
        connection.terminate()


async def recorded_bookings(world: World) -> set[int]:
    """The confirmed bookings that the audit log keeps."""
    entries = await audit(world.connection)
    return {
        booking["booking_id"]
        for entry in entries
        for booking in entry["detail"].get("bookings", [])
        if booking["status"] == "confirmed"
    }


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_every_booking_that_was_acknowledged_is_in_the_audit_log(
    organiser: Organiser, world: World, clean_database: str, round_: int
) -> None:
    venue = await world.event(seats=90)
    async with AsyncExitStack() as stack:
        buyers = [
            Buyer(await stack.enter_async_context(connected(clean_database)), await world.person())
            for _ in range(BUYERS)
        ]
        buying = asyncio.gather(*(buyer.buy_until_gone(venue) for buyer in buyers))
        await asyncio.sleep(0.02 + 0.03 * round_)

        answers = await asyncio.gather(
            *(
                organiser.client.delete(f"/events/{venue.event_id}?force=true", headers=organiser.headers)
                for _ in range(3)
            )
        )
        await buying

    assert sorted(answer.status_code for answer in answers) == [204, 404, 404]
    assert await rows_left(world.connection) == GONE
    acknowledged = {booking for buyer in buyers for booking in buyer.booked}
    assert acknowledged
    assert acknowledged == await recorded_bookings(world)
    for seat_id in venue.seat_ids:
        ledger = await world.ledger(seat_id)
        assert [row["version"] for row in ledger] == list(range(1, len(ledger) + 1))
        assert [row["new_status"] for row in ledger].index("blocked") == len(ledger) - 1


@pytest.mark.parametrize("delay_ms", [0, 2, 4, 6, 8, 12, 16, 24])
async def test_an_unforced_deletion_and_a_confirmation_never_both_succeed(
    organiser: Organiser, world: World, clean_database: str, delay_ms: int
) -> None:
    ann = await world.person()
    venue = await world.event(seats=3)
    hold_id = await world.hold(venue, [venue.seat_ids[1]], ann)

    async with connected(clean_database) as buyer:
        deletion = organiser.client.delete(f"/events/{venue.event_id}", headers=organiser.headers)
        deleting = asyncio.create_task(deletion)
        await asyncio.sleep(delay_ms / 1000)
        try:
            confirmed = bool(await confirm(buyer, venue.event_id, hold_id, ann))
        except HoldIsGone:
            confirmed = False
        deleted = await deleting

    assert (deleted.status_code, confirmed) in {(204, False), (409, True)}


async def _confirm_in_between(
    organiser: Organiser, world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[bool, set[int], int]:
    """Force a deletion, and confirm a hold just after it has read the bookings: (confirmed?, remembered, status)."""
    ann = await world.person()
    venue = await world.event(seats=2)
    hold_id = await world.hold(venue, [venue.seat_ids[0]], ann)
    read_bookings = EventRepository.bookings
    confirming: list[asyncio.Task[list[int]]] = []

    async with connected(database_url) as buyer:

        async def read_then_let_somebody_confirm(self: EventRepository, event_id: int) -> list[dict[str, Any]]:
            found = await read_bookings(self, event_id)
            confirming.append(asyncio.create_task(confirm(buyer, event_id, hold_id, ann)))
            await asyncio.wait(confirming, timeout=0.3)
            return found

        monkeypatch.setattr(EventRepository, "bookings", read_then_let_somebody_confirm)
        answer = await organiser.client.delete(f"/events/{venue.event_id}?force=true", headers=organiser.headers)
        try:
            confirmed = bool(await confirming[0])
        except HoldIsGone:
            confirmed = False
    return confirmed, await recorded_bookings(world), answer.status_code


async def test_a_confirmation_waits_for_the_deletion_and_finds_nothing(
    organiser: Organiser, world: World, clean_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed, remembered, status = await _confirm_in_between(organiser, world, clean_database, monkeypatch)

    assert (confirmed, remembered, status) == (False, set(), 204)


async def test_control_without_the_lock_a_booking_is_confirmed_and_forgotten(
    organiser: Organiser, world: World, clean_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def only_count(self: EventRepository, event_id: int) -> int:
        count = await self._session.scalar(select(func.count()).where(Seat.event_id == event_id))
        return int(count or 0)

    monkeypatch.setattr(EventRepository, "lock_seats", only_count)

    confirmed, remembered, status = await _confirm_in_between(organiser, world, clean_database, monkeypatch)

    assert (confirmed, remembered, status) == (True, set(), 204)


async def test_the_audit_entry_and_the_deletion_are_one_transaction(
    organiser: Organiser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await world.event(seats=2)

    def refuse(self: EventRepository, entry: object) -> None:
        raise RuntimeError("no audit, no deletion")

    monkeypatch.setattr(EventRepository, "record", refuse)
    answer = await organiser.client.delete(f"/events/{venue.event_id}", headers=organiser.headers)

    assert answer.status_code == 500
    assert json.loads(answer.content)["type"] == "/problems/internal-error"
    assert (await world.seat(venue.seat_ids[0]))["status"] == "available"
    assert await world.connection.fetchval("SELECT count(*) FROM seat_log") == 0
