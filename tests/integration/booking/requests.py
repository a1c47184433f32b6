"""Requests that several test modules send."""

import httpx

from tests.support.world import Person


async def place(booking: httpx.AsyncClient, person: Person, *seat_ids: int, key: str | None = None) -> httpx.Response:
    """POST /hold-seat for all of the seats."""
    headers = person.headers | ({"Idempotency-Key": key} if key else {})
    return await booking.post("/hold-seat", json={"seat_ids": list(seat_ids)}, headers=headers)
