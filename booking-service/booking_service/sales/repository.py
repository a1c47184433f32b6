"""The statement behind a sale's numbers."""

import json
from typing import Any

import asyncpg

RECENT_ORDERS = 12
HOURS = 48

# One statement, so one snapshot: what is sold, what was earned and what the ledger says are of the same moment.
# The ledger has no index by event, which would make every hold dearer; an event's seats are a range of its primary key.
_SALES = """
    WITH event AS MATERIALIZED (
        SELECT id, first_seat_id, seat_count, currency, clock_timestamp() AS moment FROM events WHERE id = $1
    ), houses AS (
        SELECT seats.category, seats.price, count(*) AS total,
               count(*) FILTER (WHERE seats.status = 'booked') AS sold,
               count(*) FILTER (WHERE seats.status = 'held' AND seats.hold_expiry > event.moment) AS held,
               count(*) FILTER (WHERE seats.status = 'blocked') AS blocked
        FROM event JOIN seats ON seats.event_id = event.id
        GROUP BY seats.category, seats.price
    ), sold AS MATERIALIZED (
        SELECT order_id, seat_id, price, created_at FROM bookings WHERE event_id = $1 AND status = 'confirmed'
    ), hours AS (
        SELECT date_trunc('hour', created_at, 'UTC') AS hour, count(*) AS sold, sum(price) AS revenue
        FROM sold WHERE created_at > now() - make_interval(hours => $2) GROUP BY 1
    ), recent AS (
        SELECT orders.id, orders.created_at FROM orders
        WHERE orders.event_id = $1 AND EXISTS (SELECT FROM sold WHERE sold.order_id = orders.id)
        ORDER BY orders.created_at DESC LIMIT $3
    ), told AS (
        SELECT recent.id, recent.created_at, json_agg(sold.seat_id ORDER BY sold.seat_id) AS seat_ids,
               sum(sold.price) AS total
        FROM recent JOIN sold ON sold.order_id = recent.id GROUP BY recent.id, recent.created_at
    ), ledger AS (
        SELECT sum(CASE WHEN new_status = 'booked' THEN 1 ELSE -1 END) AS sold
        FROM event JOIN seat_log ON seat_log.seat_id >= event.first_seat_id
                                AND seat_log.seat_id < event.first_seat_id + event.seat_count
        WHERE 'booked' IN (new_status, old_status)
        GROUP BY seat_log.seat_id
    )
    SELECT event.currency, event.moment,
           (SELECT coalesce(json_agg(houses ORDER BY price DESC, category), '[]') FROM houses) AS categories,
           (SELECT coalesce(sum(price), 0) FROM sold)::bigint AS revenue,
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM event.moment - held_since))
            FROM seats WHERE event_id = $1 AND status = 'held' AND hold_expiry > event.moment) AS median_held_s,
           (SELECT coalesce(json_agg(hours ORDER BY hour), '[]') FROM hours) AS hours,
           (SELECT coalesce(json_agg(told ORDER BY created_at DESC), '[]') FROM told) AS recent,
           (SELECT coalesce(sum(sold), 0) FROM ledger)::bigint AS ledger_sold,
           (SELECT count(*) FROM ledger WHERE sold > 1) AS double_bookings
    FROM event
"""


async def sales_of(pool: "asyncpg.Pool[asyncpg.Record]", event_id: int, *, wait_s: float) -> dict[str, Any] | None:
    """What the database says of the event's sale, all of one moment; `None` when there is no such event."""
    async with pool.acquire(timeout=wait_s) as connection:
        row = await connection.fetchrow(_SALES, event_id, HOURS, RECENT_ORDERS)
    if row is None:
        return None
    return {**row, **{name: json.loads(row[name]) for name in ("categories", "hours", "recent")}}
