"""Idempotency keys are kept for a day: nobody retries a request after that."""

import asyncpg

# In small batches, oldest first, beside those who use their keys.
FORGET = """
    DELETE FROM idempotency_keys WHERE (user_id, key) IN (
        SELECT user_id, key FROM idempotency_keys
        WHERE created_at < (SELECT clock_timestamp()) - interval '24 hours'
        ORDER BY created_at
        LIMIT $1
        FOR UPDATE SKIP LOCKED
    )
"""


async def forget_old_keys(pool: "asyncpg.Pool[asyncpg.Record]", *, batch: int, batches: int) -> int:
    """Delete idempotency keys older than 24 hours; says how many. Raises what asyncpg raises.

    Stops after `batches` of `batch` keys; the next turn goes on.
    """
    deleted = 0
    for _ in range(batches):
        status: str = await pool.execute(FORGET, batch)
        count = int(status.rpartition(" ")[2])
        deleted += count
        if count < batch:
            break
    return deleted
