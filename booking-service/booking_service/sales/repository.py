"""The statements behind a sale's numbers."""

import json
from typing import Any

import asyncpg

RECENT_ORDERS = 12
HOURS = 48

# The ledger has no index by event, which would make every hold dearer. An event's seats are a range of its primary key,
# and reading all that there ever was of a stadium takes half a second, so that is done once.
_EVERY_ENTRY = """
        SELECT seat_id, new_status, old_status
        FROM event JOIN seat_log ON seat_log.seat_id >= event.first_seat_id
                                AND seat_log.seat_id < event.first_seat_id + event.seat_count
"""
# After that, those of transactions that the last snapshot could not see: see `live/repository.py`, which asks the same.
_ENTRIES_SINCE = """
        SELECT seat_id, new_status, old_status FROM seat_log
        WHERE xid >= pg_snapshot_xmax($4::text::pg_snapshot) AND xid < pg_snapshot_xmax(pg_current_snapshot())
          AND event_id = $1
        UNION ALL
        SELECT seat_id, new_status, old_status FROM seat_log
        WHERE xid = ANY(ARRAY(SELECT pg_snapshot_xip($4::text::pg_snapshot))) AND event_id = $1
"""
# One statement, so one snapshot: what is sold, what was earned and what the ledger says are of the same moment.
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
    ), entries AS (
        {entries}
    ), ledger AS (
        SELECT seat_id, sum(CASE WHEN new_status = 'booked' THEN 1 ELSE -1 END)::int AS sold
        FROM entries WHERE 'booked' IN (new_status, old_status)
        GROUP BY seat_id HAVING sum(CASE WHEN new_status = 'booked' THEN 1 ELSE -1 END) <> 0
    ), changed AS (
        SELECT array_agg(seat_id) AS seat_ids, array_agg(sold) AS sold FROM ledger
    )
    SELECT event.currency, event.moment, event.first_seat_id, event.seat_count, pg_current_snapshot()::text AS seen,
           changed.seat_ids, changed.sold,
           (SELECT coalesce(json_agg(houses ORDER BY price DESC, category), '[]') FROM houses) AS categories,
           (SELECT coalesce(sum(price), 0) FROM sold)::bigint AS revenue,
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM event.moment - held_since))
            FROM seats WHERE event_id = $1 AND status = 'held' AND hold_expiry > event.moment) AS median_held_s,
           (SELECT coalesce(json_agg(hours ORDER BY hour), '[]') FROM hours) AS hours,
           (SELECT coalesce(json_agg(told ORDER BY created_at DESC), '[]') FROM told) AS recent
    FROM event CROSS JOIN changed
"""
_ALL_SALES = _SALES.format(entries=_EVERY_ENTRY)
_SALES_SINCE = _SALES.format(entries=_ENTRIES_SINCE)


async def sales_of(
    pool: "asyncpg.Pool[asyncpg.Record]", event_id: int, *, unseen_by: str | None, wait_s: float
) -> dict[str, Any] | None:
    """What the database says of the event's sale, all of one moment; `None` when there is no such event.

    `seat_ids` and `sold`: what the ledger says of each seat that was sold more often than given back, or less often, in
    the entries that the snapshot `unseen_by` could not see; without it, in all. `seen`: the snapshot to ask with next.
    """
    async with pool.acquire(timeout=wait_s) as connection:
        if unseen_by is None:
            row = await connection.fetchrow(_ALL_SALES, event_id, HOURS, RECENT_ORDERS)
        else:
            row = await connection.fetchrow(_SALES_SINCE, event_id, HOURS, RECENT_ORDERS, unseen_by)
    if row is None:
        return None
    return {**row, **{name: json.loads(row[name]) for name in ("categories", "hours", "recent")}}
