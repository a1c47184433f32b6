"""Which sessions live, asked for many requests at once: a revoked one is out from its next request on (ADR-0020)."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from booking_service.batching import Batcher
from shared.chassis.identity import LivingSession, SessionLookup

LANES = 1
MOST_TOGETHER = 512
MOST_WAITING = 8192
"""Requests that may wait to be identified; the next one is told 503 at once."""

_LIVING_SESSIONS = """
    SELECT sessions.id, users.id AS user_id, users.role, users.token_epoch
    FROM unnest($1::uuid[], $2::bigint[]) AS asked (session_id, user_id)
    JOIN sessions ON sessions.id = asked.session_id AND sessions.user_id = asked.user_id
    JOIN users ON users.id = sessions.user_id
    WHERE sessions.revoked_at IS NULL
"""

Asked = tuple[UUID, int]


def batched_lookup(pool: "asyncpg.Pool[asyncpg.Record]", *, pool_wait_s: float) -> SessionLookup:
    """Sessions looked up through `pool`, those that are asked for at the same time in one statement."""

    async def look(asked: Sequence[Asked]) -> list[LivingSession | None]:
        wanted = set(asked)
        async with pool.acquire(timeout=pool_wait_s) as connection:
            rows = await connection.fetch(
                _LIVING_SESSIONS, [session_id for session_id, _ in wanted], [user_id for _, user_id in wanted]
            )
        living = {(row["id"], row["user_id"]): LivingSession(row["role"], row["token_epoch"]) for row in rows}
        return [living.get(session) for session in asked]

    batcher: Batcher[Asked, LivingSession | None] = Batcher(
        look, lanes=LANES, most=MOST_TOGETHER, most_waiting=MOST_WAITING
    )

    async def lookup(session_id: UUID, user_id: int) -> LivingSession | None:
        return await batcher.submit((session_id, user_id))

    return lookup
