"""Idempotency keys: a retry with the same key settles what an unknown answer left open.

The key is stored in the transaction of its effect. A retry's INSERT waits for a first try that is still under way,
so its answer is decisive where a SELECT might look too early (draft-ietf-httpapi-idempotency-key-header-07).
"""

from collections.abc import Collection

import asyncpg

from booking_service.answers import Answer
from shared.chassis.idempotency import IdempotencyKeyReused, RequestKey

Connection = asyncpg.pool.PoolConnectionProxy

# Sorted, because an INSERT may wait for another transaction that has claimed the same key (ADR-0002).
_CLAIM = """
    INSERT INTO idempotency_keys (user_id, key, fingerprint)
    SELECT user_id, key, fingerprint
    FROM unnest($1::bigint[], $2::text[], $3::bytea[]) AS claims (user_id, key, fingerprint)
    ORDER BY user_id, key
    ON CONFLICT (user_id, key) DO NOTHING
    RETURNING user_id, key
"""
# An UPDATE, not a SELECT, although nothing needs the counter: where commits wait for a standby, the replay's own commit
# then waits too, and cannot acknowledge what the standby does not have yet.
_REPLAY = """
    UPDATE idempotency_keys SET replays = replays + 1 WHERE user_id = $1 AND key = $2
    RETURNING fingerprint, status, body
"""
_UNCLAIM = """
    DELETE FROM idempotency_keys USING unnest($1::bigint[], $2::text[]) AS claims (user_id, key)
    WHERE idempotency_keys.user_id = claims.user_id AND idempotency_keys.key = claims.key
"""
_KEEP = """
    UPDATE idempotency_keys SET status = answers.status, body = answers.body
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[]) AS answers (user_id, key, status, body)
    WHERE idempotency_keys.user_id = answers.user_id AND idempotency_keys.key = answers.key
"""


async def claim(connection: "Connection[asyncpg.Record]", key: RequestKey) -> Answer | None:
    """Take the key for the request under way: `None`. Or, if it has been answered before, that answer.

    Waits for a first try that is still under way in another transaction. Raises `IdempotencyKeyReused`.
    """
    while not await claim_new(connection, [key]):
        kept = await connection.fetchrow(_REPLAY, key.user_id, key.key)
        if kept is None:
            continue  # cleaned up between the two statements: the key is free again
        if kept["fingerprint"] != key.fingerprint:
            raise IdempotencyKeyReused
        return Answer(kept["status"], kept["body"], replayed=True)
    return None


async def claim_new(connection: "Connection[asyncpg.Record]", keys: Collection[RequestKey]) -> set[tuple[int, str]]:
    """Take those of `keys` (each once) that nobody has used; returns them as (user, key). Waits as `claim` does."""
    rows = await connection.fetch(
        _CLAIM, [key.user_id for key in keys], [key.key for key in keys], [key.fingerprint for key in keys]
    )
    return {(row["user_id"], row["key"]) for row in rows}


async def unclaim(connection: "Connection[asyncpg.Record]", keys: Collection[RequestKey]) -> None:
    """Give back keys that this very transaction has claimed, as if they had never been used."""
    await connection.execute(_UNCLAIM, [key.user_id for key in keys], [key.key for key in keys])


async def keep(connection: "Connection[asyncpg.Record]", answers: Collection[tuple[RequestKey, Answer]]) -> None:
    """Store the answers that the keys will get from now on."""
    await connection.execute(
        _KEEP,
        [key.user_id for key, _ in answers],
        [key.key for key, _ in answers],
        [answer.status for _, answer in answers],
        [answer.body for _, answer in answers],
    )
