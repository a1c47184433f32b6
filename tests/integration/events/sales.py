"""Holds and bookings as the booking service makes them: in its lock order, seats by id first, then bookings."""

from uuid import UUID, uuid4

import asyncpg

from tests.support.world import Person, Venue, World


class HoldIsGone(Exception):
    """The seats are not held by this hold (any more)."""


async def hold(connection: "asyncpg.Connection[asyncpg.Record]", seat_ids: list[int], person: Person) -> UUID | None:
    """Hold all of `seat_ids`, or none."""
    hold_id = uuid4()
    async with connection.transaction():
        free = await connection.fetch(
            "SELECT id FROM seats WHERE id = ANY($1) AND status = 'available' ORDER BY id FOR UPDATE", seat_ids
        )
        if len(free) != len(seat_ids):
            return None
        await connection.execute(
            "UPDATE seats SET status = 'held', hold_id = $1, held_by = $2, held_since = clock_timestamp(),"
            " hold_expiry = clock_timestamp() + interval '5 minutes', version = version + 1 WHERE id = ANY($3)",
            hold_id, person.id, seat_ids,
        )  # fmt: skip
    return hold_id


async def confirm(
    connection: "asyncpg.Connection[asyncpg.Record]", event_id: int, hold_id: UUID, person: Person
) -> list[int]:
    """Turn a hold into bookings; their ids. Raises `HoldIsGone`."""
    async with connection.transaction():
        seats = await connection.fetch("SELECT id, price FROM seats WHERE hold_id = $1 ORDER BY id FOR UPDATE", hold_id)
        if not seats:
            raise HoldIsGone
        order_id = uuid4()
        await connection.execute(
            "INSERT INTO orders (id, hold_id, user_id, event_id, total, currency) VALUES ($1, $2, $3, $4, $5, 'EUR')",
            order_id, hold_id, person.id, event_id, sum(seat["price"] for seat in seats),
        )  # fmt: skip
        booking_ids = []
        for seat in seats:
            booking_id = await connection.fetchval(
                "INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)"
                " VALUES ($1, $2, $3, $4, $5, $6, 'EUR') RETURNING id",
                order_id, person.id, event_id, seat["id"], hold_id, seat["price"],
            )  # fmt: skip
            await connection.execute(
                "UPDATE seats SET status = 'booked', booking_id = $2, hold_id = NULL, held_by = NULL,"
                " held_since = NULL, hold_expiry = NULL, version = version + 1 WHERE id = $1",
                seat["id"], booking_id,
            )  # fmt: skip
            booking_ids.append(int(booking_id))
    return booking_ids


async def sell(world: World, venue: Venue, seat_id: int, person: Person) -> int:
    """Hold and confirm one seat; the booking's id."""
    hold_id = await world.hold(venue, [seat_id], person)
    (booking_id,) = await confirm(world.connection, venue.event_id, hold_id, person)
    return booking_id
