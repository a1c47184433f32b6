"""Access tokens: what they say, how they are signed, how they are checked (JWT, HS256)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt

ALGORITHM = "HS256"
ISSUER = AUDIENCE = "frontrow"
LEEWAY = timedelta(seconds=5)
MAX_TOKEN_CHARS = 2048


class InvalidToken(Exception):
    """The token is malformed, forged, meant for somebody else, or out of date."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Who signed in, in which session.

    The session and the user are looked up as well: a signature is no proof that a session still exists.
    """

    user_id: int
    session_id: UUID
    role: str
    epoch: int


def sign(claims: Claims, *, secret: str, now: datetime, lifetime: timedelta) -> str:
    """An access token that ends at `now + lifetime`."""
    return jwt.encode(
        {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "role": claims.role,
            "epoch": claims.epoch,
            "iat": now,
            "exp": now + lifetime,
            "jti": uuid4().hex,
        },
        secret,
        algorithm=ALGORITHM,
    )


def verify(token: str, *, secret: str) -> Claims:
    """The claims of `token`. Raises `InvalidToken` for every kind of wrong token alike."""
    return verify_until(token, secret=secret)[0]


def verify_until(token: str, *, secret: str) -> tuple[Claims, float]:
    """The claims of `token`, and the Unix time at which they end (leeway included). Raises `InvalidToken`."""
    if len(token) > MAX_TOKEN_CHARS:
        raise InvalidToken
    try:
        payload = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],  # one family, named: an attacker's header never chooses
            issuer=ISSUER,
            audience=AUDIENCE,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "sid", "iss", "aud", "jti"]},
        )
        user_id, epoch, role = int(payload["sub"]), payload["epoch"], payload["role"]
        if not isinstance(epoch, int) or not isinstance(role, str):
            raise InvalidToken
        claims = Claims(user_id=user_id, session_id=UUID(payload["sid"]), role=role, epoch=epoch)
        return claims, int(payload["exp"]) + LEEWAY.total_seconds()
    except (jwt.PyJWTError, KeyError, ValueError, OverflowError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidToken from error
