"""Finding a free seat through the API, and looking at one seat."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from loadtest.client import call
from loadtest.model import CannotRun, SeatState, Target


async def find_free_seat(
    session: aiohttp.ClientSession, events_url: str, *, event_id: int | None, seat_id: int | None
) -> Target:
    """A free seat: the one asked for, or any of the event, or any of the first event that has one.

    The choice is random, so that two races at the same time seldom meet. Raises CannotRun when there is none.
    """
    async for event in _events(session, events_url, event_id):
        seats = await _seats(session, events_url, event["id"])
        if seat_id is not None:
            seats = [seat for seat in seats if seat["id"] == seat_id]
            if seats and seats[0]["status"] != "available":
                raise CannotRun(f"seat {seat_id} is not free: it is {seats[0]['status']}")
        if free := [seat for seat in seats if seat["status"] == "available"]:
            seat = secrets.choice(free)
            return Target(event["id"], event["name"], seat["id"], seat["seat_number"], seat["version"])
    wanted = "free seat" if seat_id is None else f"seat {seat_id}"
    raise CannotRun(f"there is no {wanted} in {'any event' if event_id is None else f'event {event_id}'}")


async def look_at(session: aiohttp.ClientSession, events_url: str, target: Target) -> SeatState:
    for seat in await _seats(session, events_url, target.event_id):
        if seat["id"] == target.seat_id:
            return SeatState(seat["status"], seat["version"])
    raise CannotRun(f"seat {target.seat_id} is no longer listed in event {target.event_id}")


async def _events(
    session: aiohttp.ClientSession, events_url: str, event_id: int | None
) -> AsyncIterator[dict[str, Any]]:
    if event_id is not None:
        yield await call(session, "GET", f"{events_url}/events/{event_id}", expected=200, member="name")
        return
    params: dict[str, str] = {}
    while True:
        page = await call(session, "GET", f"{events_url}/events/browse", expected=200, params=params, member="items")
        for event in page["items"]:
            yield event
        if not page["next_cursor"]:
            return
        params = {"cursor": page["next_cursor"]}


async def _seats(session: aiohttp.ClientSession, events_url: str, event_id: int) -> list[dict[str, Any]]:
    answer = await call(session, "GET", f"{events_url}/events/{event_id}/seats", expected=200, member="seats")
    seats: list[dict[str, Any]] = answer["seats"]
    return seats
