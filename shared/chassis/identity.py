"""Who is calling: from the bearer token to a user whose session is still alive."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from shared.chassis.problems import Forbidden, Unauthorized
from shared.contracts import claims as access_tokens

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


@dataclass(frozen=True, slots=True)
class LivingSession:
    """What the database says of a session that is not revoked."""

    role: str
    token_epoch: int


SessionLookup = Callable[[UUID, int], Awaitable[LivingSession | None]]
"""From (session id, user id) to the living session, or `None`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The signed-in caller. `role` is the database's, as of this request."""

    user_id: int
    session_id: UUID
    role: str


class Identifier(Protocol):
    """Finds out who a token speaks for."""

    async def identify(self, token: str | None) -> Identity:
        """The caller. Raises `Unauthorized`, the same for every reason."""
        ...


TOKENS_REMEMBERED = 20_000
"""Verified tokens that a process remembers (about 15 MB); then it starts over."""


class TokenIdentifier:
    """Checks a token's signature, once, then that its session lives, each time (ADR-0007, ADR-0020)."""

    def __init__(self, *, secret: str, lookup: SessionLookup, now: Callable[[], float] = time.time) -> None:
        """`now`: Unix time in seconds."""
        self._secret = secret
        self._lookup = lookup
        self._now = now
        self._verified: dict[str, tuple[access_tokens.Claims, float]] = {}

    async def identify(self, token: str | None) -> Identity:
        """See `Identifier`."""
        if not token:
            raise Unauthorized
        try:
            claims = self._verify(token)
        except access_tokens.InvalidToken:
            raise Unauthorized from None
        session = await self._lookup(claims.session_id, claims.user_id)
        if session is None or session.token_epoch != claims.epoch:
            raise Unauthorized
        return Identity(user_id=claims.user_id, session_id=claims.session_id, role=session.role)

    def _verify(self, token: str) -> access_tokens.Claims:
        remembered = self._verified.get(token)
        if remembered is None or self._now() >= remembered[1]:
            self._verified.pop(token, None)
            remembered = access_tokens.verify_until(token, secret=self._secret)
            if len(self._verified) >= TOKENS_REMEMBERED:
                self._verified.clear()
            self._verified[token] = remembered
        return remembered[0]


# One indexed look per request, instead of trust until the token ends: logging out, a new role or a raised epoch
# counts from the next request on.
_LIVING_SESSION = """
    SELECT users.role, users.token_epoch
    FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE sessions.id = :session_id AND users.id = :user_id AND sessions.revoked_at IS NULL
"""


def engine_lookup(engine: "AsyncEngine") -> SessionLookup:
    """Sessions looked up through a SQLAlchemy engine."""
    # Not above: who has no engine need not load SQLAlchemy (shared/database.py).
    from sqlalchemy import text

    statement = text(_LIVING_SESSION)

    async def lookup(session_id: UUID, user_id: int) -> LivingSession | None:
        async with engine.connect() as connection:
            result = await connection.execute(statement, {"session_id": session_id, "user_id": user_id})
            row = result.one_or_none()
        return LivingSession(row.role, row.token_epoch) if row else None

    return lookup


class _Bearer(OAuth2PasswordBearer):
    """The bearer token, or `None`: the one 401 is ours. Its token address is set per service (see `service`)."""


bearer = _Bearer(
    tokenUrl="/token",
    scheme_name="bearer",
    auto_error=False,
    description="Give your email as the user name; leave the client empty.",
)


async def _current_user(request: Request, token: Annotated[str | None, Depends(bearer)]) -> Identity:
    identifier: Identifier = request.state.identifier
    identity = await identifier.identify(token)
    request.state.user_id = identity.user_id  # for the request's log line
    return identity


CurrentUser = Annotated[Identity, Depends(_current_user)]
"""The signed-in caller, or 401. Needs `identifier` in the lifespan state."""


async def _admin_user(identity: CurrentUser) -> Identity:
    if identity.role != "admin":
        raise Forbidden
    return identity


AdminUser = Annotated[Identity, Depends(_admin_user)]
"""A signed-in administrator, or 401, or 403."""
