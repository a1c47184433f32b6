"""Taking seats: limits locked, seats locked, every request decided about, and written, in one round trip.

It is two statements, since what an asker holds already must be counted by a later one than the one that waits for its
limit (READ COMMITTED sees what was committed when a statement began). They travel as one, as a function of the session
that is made from their texts when a connection is opened (ADR-0040).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

Connection = asyncpg.pool.PoolConnectionProxy

# Counting what a user holds and then holding more is two steps: without this lock forty parallel requests of one user
# all count the same and all succeed (write skew). Taken before any seat row, in every transaction, sorted (ADR-0002).
LOCK_LIMITS = """
    SELECT count(pg_advisory_xact_lock(name)) FROM (
        SELECT DISTINCT hashint8extended(user_id, event_id) AS name
        FROM unnest($1::bigint[], $2::bigint[]) AS askers (user_id, event_id)
        ORDER BY name
    ) AS names
"""

# The decision. A hold is granted whole or not at all: all of its seats are there, on sale and free, and with what its
# asker holds of the event, and wants before it in this batch (`claim`, on the first seat of a hold), it is within the
# limit. Rows without a hold (`hold_id IS NULL`) are only locked and looked at.
#
# Locked by id, or two overlapping groups deadlock. FOR UPDATE returns the newest committed row, however long it had to
# wait for it; the clock is read after the last wait. An ended hold may be taken over at once, no sweep has to come
# first. Sale ends when the event starts.
#
# The UPDATE meets the rows as they were when the statement began, before it goes on to those whose end it has waited
# for. So it asks nothing of them again (the locks keep them as they were judged, and `guard_seats` looks at each once
# more), and says of a free seat, too, that it has no booking: a row that was booked then must pass the table's checks.
#
# No joins of many with many: sessions that look up rows by keys know no other way for those than row by row
# (`KEY_LOOKUPS`).
TAKE = """
    WITH wanted AS MATERIALIZED (
        SELECT seats.id, seats.event_id, seat_number, seats.status, version, held_by, hold_expiry,
               events.status AS event_status, start_time,
               asked.user_id, asked.event_id AS asked_event_id, asked.hold_id, asked.size, asked.claim
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[], $5::integer[], $6::integer[])
            AS asked (user_id, event_id, seat_id, hold_id, size, claim)
        JOIN seats ON seats.id = asked.seat_id
        JOIN events ON events.id = seats.event_id
        ORDER BY seats.id
        FOR UPDATE OF seats
    ), moment AS MATERIALIZED (
        SELECT clock_timestamp() AS now FROM (SELECT count(*) FROM wanted) AS locked
    ), found AS (
        SELECT wanted.id, wanted.event_id, seat_number, version, held_by, wanted.user_id, wanted.hold_id, size,
               CASE WHEN status = 'held' AND hold_expiry <= now THEN 'available' ELSE status END AS status,
               event_status = 'on_sale' AND start_time > now AS on_sale, claim,
               CASE WHEN claim IS NOT NULL THEN (
                   SELECT count(*) FROM seats
                   WHERE seats.held_by = wanted.user_id AND seats.event_id = asked_event_id AND hold_expiry > now
               ) END AS counted
        FROM wanted, moment
    ), judged AS MATERIALIZED (
        SELECT found.*, count(*) OVER hold = size
            AND bool_and(on_sale AND status = 'available' AND (claim IS NULL OR counted + claim <= $8)) OVER hold
            AS granted
        FROM found
        WINDOW hold AS (PARTITION BY hold_id)
    ), taken AS (
        UPDATE seats
        SET status = 'held', hold_id = judged.hold_id, held_by = judged.user_id, held_since = now,
            hold_expiry = now + $7::interval, booking_id = NULL, version = seats.version + 1
        FROM judged, moment
        WHERE seats.id = judged.id AND judged.granted
        RETURNING seats.id, seats.event_id, seats.seat_number, seats.status, seats.version, seats.held_by,
                  judged.on_sale, judged.counted, price, seats.hold_id, held_since, hold_expiry,
                  hold_expiry - clock_timestamp() AS remaining
    )
    SELECT * FROM taken
    UNION ALL
    SELECT id, event_id, seat_number, status, version, held_by, on_sale, counted, NULL, NULL, NULL, NULL, NULL
    FROM judged WHERE granted IS NOT TRUE
"""

ARGUMENTS = "bigint[], bigint[], bigint[], uuid[], integer[], integer[], interval, bigint, patience text"
CALL = "SELECT * FROM pg_temp.take_seats($1, $2, $3, $4, $5, $6, $7, $8, $9)"


class Claim(NamedTuple):
    """All of these seats (sorted) of the event for the hold of `user_id`, or none."""

    user_id: int
    event_id: int
    hold_id: UUID
    seat_ids: Sequence[int]


async def prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make the function that `take` calls; once per connection."""
    await connection.execute(f"""
        CREATE FUNCTION pg_temp.take_seats({ARGUMENTS}) RETURNS TABLE (
            id bigint, event_id bigint, seat_number text, status text, version bigint, held_by bigint, on_sale boolean,
            counted bigint, price bigint, hold_id uuid, held_since timestamptz, hold_expiry timestamptz,
            remaining interval
        ) LANGUAGE plpgsql AS $function$
            #variable_conflict use_column
            DECLARE locked bigint;
            BEGIN
                IF patience IS NOT NULL THEN
                    PERFORM set_config('lock_timeout', patience, true);
                END IF;
                locked := ({LOCK_LIMITS});
                RETURN QUERY {TAKE};
            END
        $function$
    """)


async def take(
    connection: "Connection[asyncpg.Record]",
    claims: Sequence[Claim],
    *,
    also: Sequence[int],
    lasts: timedelta,
    limit: int,
    patience: str | None,
) -> list[asyncpg.Record]:
    """Hold for each of `claims`, which share no seat, all that it wants, or nothing.

    A row for each seat that there is: with `hold_id` when it is held by its claim now, else as it was found (an ended
    hold is none: `status` is then `available`); `counted`, on the first seat of a claim, is what its asker held of the
    event before. Claims of one asker are counted together in their order, as if all were granted. The seats `also`,
    other ones, are locked and looked at too. `patience` is how long a lock may be waited for, as `lock_timeout`;
    `None`: as the session or transaction has it. In no transaction, it is one of its own.
    """
    columns = zip(*_rows(claims, also), strict=True)
    return await connection.fetch(CALL, *columns, lasts, limit, patience)


_Row = tuple[int | None, int | None, int, UUID | None, int | None, int | None]


def _rows(claims: Sequence[Claim], also: Sequence[int]) -> Iterator[_Row]:
    """(user, event, seat, hold, size of the hold, what the asker claims so far) for each seat."""
    claimed: dict[tuple[int, int], int] = {}
    for user_id, event_id, hold_id, seat_ids in claims:
        size = len(seat_ids)
        total = claimed[user_id, event_id] = claimed.get((user_id, event_id), 0) + size
        for index, seat_id in enumerate(seat_ids):
            yield user_id, event_id, seat_id, hold_id, size, None if index else total
    for seat_id in also:
        yield None, None, seat_id, None, None, None
