"""Idempotency keys: a retry with the same key settles what an unknown answer left open.

The key is stored in the transaction of its effect. A retry's INSERT waits for a first try that is still under way,
so its answer is decisive where a SELECT might look too early (draft-ietf-httpapi-idempotency-key-header-07).
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

import asyncpg
import msgspec
from fastapi import Depends, Header

from booking_service.answers import Answer
from shared.chassis.problems import Unprocessable

MAX_KEY_CHARS = 255

_CLAIM = """
    INSERT INTO idempotency_keys (user_id, key, fingerprint) VALUES ($1, $2, $3)
    ON CONFLICT (user_id, key) DO NOTHING
    RETURNING true
"""
# An UPDATE, not a SELECT, although nothing needs the counter: where commits wait for a standby, the replay's own commit
# then waits too, and cannot acknowledge what the standby does not have yet.
_REPLAY = """
    UPDATE idempotency_keys SET replays = replays + 1 WHERE user_id = $1 AND key = $2
    RETURNING fingerprint, status, body
"""
_KEEP = "UPDATE idempotency_keys SET status = $3, body = $4 WHERE user_id = $1 AND key = $2"


class IdempotencyKeyReused(Unprocessable):
    """The key came with another request before."""

    slug, title = "idempotency-key-reused", "This Idempotency-Key belongs to another request"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A user's key and the request that it stands for."""

    user_id: int
    key: str
    fingerprint: bytes

    def asker(self) -> str:
        """The same for every try with this key: what the gate knows them by."""
        return "key:" + sha256(f"{self.user_id}:{self.key}".encode()).hexdigest()[:32]


def fingerprint(operation: str, body: object) -> bytes:
    """Tells one request from another: SHA-256 of the operation and its canonical body."""
    return sha256(operation.encode() + b"\0" + msgspec.json.encode(body, order="sorted")).digest()


def request_key(user_id: int, key: str | None, operation: str, body: object) -> RequestKey | None:
    """The key of this request, or `None` when the caller sent none. `body`: what makes it this request and no other."""
    return RequestKey(user_id, key, fingerprint(operation, body)) if key else None


async def claim(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", key: RequestKey) -> Answer | None:
    """Take the key for the request under way: `None`. Or, if it has been answered before, that answer.

    Waits for a first try that is still under way in another transaction. Raises `IdempotencyKeyReused`.
    """
    while not await connection.fetchval(_CLAIM, key.user_id, key.key, key.fingerprint):
        kept = await connection.fetchrow(_REPLAY, key.user_id, key.key)
        if kept is None:
            continue  # cleaned up between the two statements: the key is free again
        if kept["fingerprint"] != key.fingerprint:
            raise IdempotencyKeyReused
        return Answer(kept["status"], kept["body"], replayed=True)
    return None


async def keep(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", key: RequestKey, answer: Answer) -> None:
    """Store the answer that the key will get from now on."""
    await connection.execute(_KEEP, key.user_id, key.key, answer.status, answer.body)


def _idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A fresh random value for each intent, the same for each retry of it (for 24 hours). "
            "The same key with the same body gets the same answer; with another body, 422.",
            examples=["9f1c3a52-7f0e-4f3e-9d53-2f1f3f9e8a11"],
        ),
    ] = None,
) -> str | None:
    if idempotency_key is None:
        return None
    if not 1 <= len(idempotency_key) <= MAX_KEY_CHARS or not all("!" <= c <= "~" for c in idempotency_key):
        raise Unprocessable(f"Idempotency-Key must be 1 to {MAX_KEY_CHARS} visible ASCII characters.")
    return idempotency_key


IdempotencyKeyHeader = Annotated[str | None, Depends(_idempotency_key)]
"""The `Idempotency-Key` header, or `None`; 422 when it is malformed."""
