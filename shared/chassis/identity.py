"""Who is calling: from the bearer token to a user whose session is still alive."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Protocol
from uuid import UUID

import asyncpg
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from shared.chassis.problems import Forbidden, Unauthorized
from shared.contracts import claims as access_tokens

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

# One indexed look per request, instead of trust until the token ends: logging out, a new role or a raised epoch
# counts from the next request on.
LIVING_SESSION = """
    SELECT users.role, users.token_epoch
    FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE sessions.id = $1 AND users.id = $2 AND sessions.revoked_at IS NULL
"""


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


class TokenIdentifier:
    """Checks a token's signature, then that its session lives."""

    def __init__(self, *, secret: str, lookup: SessionLookup) -> None:
        self._secret = secret
        self._lookup = lookup

    async def identify(self, token: str | None) -> Identity:
        """See `Identifier`."""
        if not token:
            raise Unauthorized
        try:
            claims = access_tokens.verify(token, secret=self._secret)
        except access_tokens.InvalidToken:
            raise Unauthorized from None
        session = await self._lookup(claims.session_id, claims.user_id)
        if session is None or session.token_epoch != claims.epoch:
            raise Unauthorized
        return Identity(user_id=claims.user_id, session_id=claims.session_id, role=session.role)


def pool_lookup(pool: "asyncpg.Pool[asyncpg.Record]") -> SessionLookup:
    """Sessions looked up through an asyncpg pool."""

    async def lookup(session_id: UUID, user_id: int) -> LivingSession | None:
        row = await pool.fetchrow(LIVING_SESSION, session_id, user_id)
        return LivingSession(row["role"], row["token_epoch"]) if row else None

    return lookup


def engine_lookup(engine: "AsyncEngine") -> SessionLookup:
    """Sessions looked up through a SQLAlchemy engine."""
    # Not above: who has no engine need not load SQLAlchemy (shared/database.py).
    from sqlalchemy import text

    statement = text(LIVING_SESSION.replace("$1", ":session_id").replace("$2", ":user_id"))

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
