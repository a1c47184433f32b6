"""Idempotency keys of organisers: the key of a write is kept in the transaction of its effect, as ADR-0004 says.

Other than in the sale, only successes are kept: what is refused has changed nothing, and may be mended and sent again
with the same key.
"""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.chassis.idempotency import IdempotencyKeyReused, RequestKey
from shared.models import IdempotencyKey


async def claim(session: AsyncSession, key: RequestKey) -> str | None:
    """Take the key for the request under way: `None`. Or, if that was done before, the body of its answer.

    Waits for a first try that is still under way in another transaction. Raises `IdempotencyKeyReused`.
    """
    while True:
        taken = await session.execute(
            insert(IdempotencyKey)
            .values(user_id=key.user_id, key=key.key, fingerprint=key.fingerprint)
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.key)
        )
        if taken.first() is not None:
            return None
        # An UPDATE, not a SELECT: where commits wait for a standby, the answer that is given again waits as well.
        kept = await session.execute(
            update(IdempotencyKey)
            .where(IdempotencyKey.user_id == key.user_id, IdempotencyKey.key == key.key)
            .values(replays=IdempotencyKey.replays + 1)
            .returning(IdempotencyKey.fingerprint, IdempotencyKey.body)
        )
        if row := kept.first():
            if row.fingerprint != key.fingerprint:
                raise IdempotencyKeyReused
            return str(row.body)
        # Cleaned up between the two statements: the key is free again.


async def keep(session: AsyncSession, key: RequestKey, *, status: int, body: str) -> None:
    """Store the answer that the key will get from now on. Needs `claim` first."""
    await session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == key.user_id, IdempotencyKey.key == key.key)
        .values(status=status, body=body)
    )
