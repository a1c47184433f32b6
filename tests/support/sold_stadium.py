"""How long the organisers' questions take for the stadium of the sample data, from the first sale to the last: how it
sells (`GET /sales/{event_id}`), how many have come, and all tickets for the scanners (`GET /check-in/{event_id}`,
`…/tickets`).

    python -m tests.support.sold_stadium --rounds 20

starts a stack of its own, sells the stadium in the database, and asks over HTTP, past the edge.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from statistics import median
from time import perf_counter

import asyncpg
import httpx

from devstack.stack import ADMIN_EMAIL, Stack

_BUYERS = """
    INSERT INTO users (email, password_hash)
    SELECT 'buyer-' || n || '@example.com', 'none' FROM generate_series(1, 500) AS n
"""
# Four seats to a hold. Through the guard of the seats, so that the ledger is what it is after a sale.
_HOLD = """
    UPDATE seats
    SET status = 'held', hold_id = md5('hold ' || (id - $1::bigint) / 4)::uuid, version = version + 1,
        held_by = (SELECT min(id) FROM users WHERE email LIKE 'buyer-%') + (id - $1::bigint) / 4 % 500,
        held_since = clock_timestamp(), hold_expiry = clock_timestamp() + interval '5 minutes'
    WHERE id >= $1::bigint + $2::bigint AND id < $1::bigint + $3::bigint
"""
_LET_GO = """
    UPDATE seats SET status = 'available', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL,
        version = version + 1
    WHERE id >= $1::bigint + $2::bigint AND id < $1::bigint + $3::bigint
"""
# Bought at any time of the last three days.
_ORDER = """
    INSERT INTO orders (id, hold_id, user_id, event_id, total, currency, created_at)
    SELECT md5('order ' || hold_id)::uuid, hold_id, held_by, event_id, sum(price), 'EUR',
           now() - random() * interval '3 days'
    FROM seats WHERE id >= $1::bigint + $2::bigint AND id < $1::bigint + $3::bigint GROUP BY hold_id, held_by, event_id
"""
_BOOK = """
    INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency, created_at)
    SELECT orders.id, orders.user_id, orders.event_id, seats.id, seats.hold_id, seats.price, 'EUR', orders.created_at
    FROM seats JOIN orders ON orders.hold_id = seats.hold_id
    WHERE seats.id >= $1::bigint + $2::bigint AND seats.id < $1::bigint + $3::bigint
"""
_SOLD = """
    UPDATE seats SET status = 'booked', booking_id = bookings.id, hold_id = NULL, held_by = NULL, held_since = NULL,
        hold_expiry = NULL, version = version + 1
    FROM bookings
    WHERE bookings.seat_id = seats.id AND seats.id >= $1::bigint + $2::bigint AND seats.id < $1::bigint + $3::bigint
"""
_CANCEL = "UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE event_id = $1"
_GIVE_BACK = """
    UPDATE seats SET status = 'available', booking_id = NULL, version = version + 1
    WHERE event_id = $1 AND status = 'booked'
"""


async def measure(stack: Stack, *, rounds: int, looks: int) -> list[str]:
    """A line for each stage of the sale."""
    connection = await asyncpg.connect(stack.database_url)
    [(event_id, first, count)] = await connection.fetch(
        "SELECT id, first_seat_id, seat_count FROM events ORDER BY seat_count DESC LIMIT 1"
    )
    await connection.execute(_BUYERS)
    lines = []
    async with httpx.AsyncClient(base_url=stack.booking_urls[0], timeout=60) as client:
        credentials = {"email": ADMIN_EMAIL, "password": stack.admin_password}
        tokens = (await client.post(f"{stack.auth_url}/login", json=credentials)).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"

        async def ask(stage: str) -> None:
            await connection.execute("VACUUM ANALYZE seats, seat_log, orders, bookings")
            entries = await connection.fetchval("SELECT count(*) FROM seat_log WHERE event_id = $1", event_id)
            for path in (f"/sales/{event_id}", f"/check-in/{event_id}", f"/check-in/{event_id}/tickets"):
                times_ms, size = [], 0
                for _ in range(rounds):
                    began = perf_counter()
                    size = len((await client.get(path)).raise_for_status().content)
                    times_ms.append(1000 * (perf_counter() - began))
                spread = f"{median(times_ms):6.0f} ({min(times_ms):.0f} … {max(times_ms):.0f}), first {times_ms[0]:.0f}"
                lines.append(f"{stage:30} {entries:9,} entries of the ledger {path:22} {spread}, {size:,} bytes")

        await ask(f"{count:,} seats, none sold")
        done = 0
        for share in (10, 50, 100):
            some = (first, done, done := count * share // 100 // 4 * 4)
            for statement in (_HOLD, _ORDER, _BOOK, _SOLD):
                await connection.execute(statement, *some)
            await ask(f"{share} % sold")
        for statement in (_CANCEL, _GIVE_BACK):
            await connection.execute(statement, event_id)
        for _ in range(looks):
            await connection.execute(_HOLD, first, 0, count)
            await connection.execute(_LET_GO, first, 0, count)
        await ask(f"cancelled, then held {looks} times")
        began = perf_counter()
        (await client.get(f"{stack.booking_urls[1]}/sales/{event_id}")).raise_for_status()
        lines.append(f"the first question at another instance: {1000 * (perf_counter() - began):.0f}")
    await connection.close()
    return lines


def main(words: Sequence[str] | None = None) -> int:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.sold_stadium", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="questions at each stage (default 20)")
    parser.add_argument("--looks", type=int, default=5, help="holds of every seat that came to nothing (default 5)")
    arguments = parser.parse_args(words)
    with Stack(instances=2, environment="test", settings={"BCRYPT_COST": "4"}) as stack:
        lines = asyncio.run(measure(stack, rounds=arguments.rounds, looks=arguments.looks))
    sys.stdout.write("\n".join(["milliseconds, median (min … max)", *lines]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
