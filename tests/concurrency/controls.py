"""How it is often written. Each of these is wrong in a way that a race shows; none of it is used by the product."""

import asyncio
from uuid import UUID, uuid4

import asyncpg

Connection = asyncpg.Connection


async def hold_after_looking(
    connection: "Connection[asyncpg.Record]", seat_id: int, user_id: int, looked: asyncio.Barrier
) -> UUID | None:
    """Look whether the seat is free, then take it: two steps, and everybody looks before anybody takes."""
    status = await connection.fetchval("SELECT status FROM seats WHERE id = $1", seat_id)
    await looked.wait()
    if status != "available":
        return None
    hold_id = uuid4()
    await connection.execute(
        "UPDATE seats SET status = 'held', hold_id = $2, held_by = $3, held_since = now(),"
        " hold_expiry = now() + interval '5 minutes', version = version + 1 WHERE id = $1",
        seat_id,
        hold_id,
        user_id,
    )
    return hold_id


async def confirm_without_the_hold_id(
    connection: "Connection[asyncpg.Record]", event_id: int, seat_id: int, user_id: int, hold_id: UUID
) -> bool:
    """Book a held seat without asking whose hold it is: a holder who paused too long books a stranger's seat."""
    async with connection.transaction():
        order_id = uuid4()
        await connection.execute(
            "INSERT INTO orders (id, hold_id, user_id, event_id, total, currency) VALUES ($1, $2, $3, $4, 1, 'EUR')",
            order_id,
            hold_id,
            user_id,
            event_id,
        )
        booking_id = await connection.fetchval(
            "INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)"
            " VALUES ($1, $2, $3, $4, $5, 1, 'EUR') RETURNING id",
            order_id,
            user_id,
            event_id,
            seat_id,
            hold_id,
        )
        done = await connection.fetchval(
            "UPDATE seats SET status = 'booked', booking_id = $2, hold_id = NULL, held_by = NULL, held_since = NULL,"
            " hold_expiry = NULL, version = version + 1 WHERE id = $1 AND status = 'held' RETURNING true",
            seat_id,
            booking_id,
        )
        return bool(done)


async def hold_within_a_counted_limit(
    connection: "Connection[asyncpg.Record]",
    seat_id: int,
    user_id: int,
    *,
    limit: int,
    counted: asyncio.Barrier,
) -> bool:
    """Count what the user holds, then hold one more: everybody counts the same."""
    count = await connection.fetchval("SELECT count(*) FROM seats WHERE held_by = $1 AND status = 'held'", user_id)
    await counted.wait()
    if count >= limit:
        return False
    held = await connection.fetchval(
        "UPDATE seats SET status = 'held', hold_id = $2, held_by = $3, held_since = now(),"
        " hold_expiry = now() + interval '5 minutes', version = version + 1"
        " WHERE id = $1 AND status = 'available' RETURNING true",
        seat_id,
        uuid4(),
        user_id,
    )
    return bool(held)


async def free_without_the_booking_id(connection: "Connection[asyncpg.Record]", seat_id: int) -> None:
    """Free the seat of a cancelled booking, whoever has it by now."""
    await connection.execute(
        "UPDATE seats SET status = 'available', booking_id = NULL, version = version + 1"
        " WHERE id = $1 AND status = 'booked'",
        seat_id,
    )


async def free_selected_holds(connection: "Connection[asyncpg.Record]", seat_ids: list[int]) -> None:
    """A sweep that trusts what it selected a moment ago."""
    await connection.execute(
        "UPDATE seats SET status = 'available', hold_id = NULL, held_by = NULL, held_since = NULL,"
        " hold_expiry = NULL, booking_id = NULL, version = version + 1 WHERE id = ANY($1)",
        seat_ids,
    )


async def hold_what_looked_free(
    connection: "Connection[asyncpg.Record]", event_id: int, user_id: int, *, quantity: int, looked: asyncio.Barrier
) -> list[int]:
    """Choose so many places that look free, then take them: everybody chooses the same ones before anybody takes."""
    chosen = await connection.fetch(
        "SELECT id FROM seats WHERE event_id = $1 AND status = 'available' ORDER BY id LIMIT $2", event_id, quantity
    )
    await looked.wait()
    seat_ids = [row["id"] for row in chosen]
    await connection.execute(
        "UPDATE seats SET status = 'held', hold_id = $2, held_by = $3, held_since = now(),"
        " hold_expiry = now() + interval '5 minutes', version = version + 1 WHERE id = ANY($1)",
        seat_ids,
        uuid4(),
        user_id,
    )
    return seat_ids


async def admit_after_looking(
    connection: "asyncpg.Connection[asyncpg.Record]", booking_id: int, admin: int, looked: asyncio.Barrier
) -> bool:
    """Look whether the ticket is unused, then use it: every scanner looks before any of them writes."""
    used = await connection.fetchval("SELECT admitted_at FROM bookings WHERE id = $1", booking_id)
    await looked.wait()
    if used is not None:
        return False
    await connection.execute(
        "UPDATE bookings SET admitted_at = now(), admitted_by = $2 WHERE id = $1", booking_id, admin
    )
    return True
