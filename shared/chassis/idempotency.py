"""The `Idempotency-Key` header: which intent a write stands for, the same in every service (ADR-0004).

Who keeps a key does so in the transaction of its effect; that is each service's own work.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

import msgspec
from fastapi import Depends, Header

from shared.chassis.problems import Unprocessable

MAX_KEY_CHARS = 255


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


_WELL_FORMED = re.compile(f"[!-~]{{1,{MAX_KEY_CHARS}}}")


def is_well_formed(key: str) -> bool:
    """Whether this can be an `Idempotency-Key`: 1 to 255 visible ASCII characters."""
    return _WELL_FORMED.fullmatch(key) is not None


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
    if idempotency_key is not None and not is_well_formed(idempotency_key):
        raise Unprocessable(f"Idempotency-Key must be 1 to {MAX_KEY_CHARS} visible ASCII characters.")
    return idempotency_key


IdempotencyKeyHeader = Annotated[str | None, Depends(_idempotency_key)]
"""The `Idempotency-Key` header, or `None`; 422 when it is malformed."""
