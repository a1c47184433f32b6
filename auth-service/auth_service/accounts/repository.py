"""Accounts, sessions and refresh tokens in PostgreSQL; every method is a statement or two, inside a unit of work."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from auth_service.accounts.rules import RefreshTokenState
from auth_service.tokens import SignedIn
from shared.engine import create_session_factory
from shared.models import RefreshToken, Session, User

UnitOfWork = Callable[[], AbstractAsyncContextManager["AccountRepository"]]
"""Opens a transaction: committed at the end of the block, rolled back when it raises."""


@dataclass(frozen=True, slots=True)
class StoredRefreshToken:
    """A refresh token as found, locked until the unit of work ends, and whose it is."""

    state: RefreshTokenState
    owner: SignedIn


class AccountRepository:
    """See the module."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, user_id: int) -> User | None:
        """The account with this id."""
        return await self._session.get(User, user_id)

    async def find_by_email(self, email: str) -> User | None:
        """The account with this (normalised) email."""
        return await self._session.scalar(select(User).where(User.email == email))

    async def add_user(self, *, email: str, password_hash: str, name: str = "", role: str = "user") -> User | None:
        """A new account, or `None` when the email is taken: of any number at once, exactly one gets it."""
        statement = insert(User).values(email=email, password_hash=password_hash, name=name, role=role)
        return await self._session.scalar(statement.on_conflict_do_nothing(index_elements=["email"]).returning(User))

    async def replace_hash(self, user: User, password_hash: str) -> None:
        """Store another hash of the same password, unless somebody changed the password meanwhile."""
        await self._session.execute(
            update(User)
            .where(User.id == user.id, User.password_hash == user.password_hash)
            .values(password_hash=password_hash)
        )

    async def make_admin(self, user: User, *, password_hash: str | None) -> None:
        """Give the role; `password_hash`, unless `None`, replaces the password and so ends every session."""
        changes = {"role": "admin"} if password_hash is None else {"role": "admin", "password_hash": password_hash}
        await self._session.execute(update(User).where(User.id == user.id).values(**changes))
        if password_hash is not None:
            await self.end_all_sessions(user.id)

    async def end_all_sessions(self, user_id: int) -> None:
        """Sign this user out everywhere, from the next request on."""
        await self._session.execute(update(User).where(User.id == user_id).values(token_epoch=User.token_epoch + 1))
        await self._session.execute(delete(Session).where(Session.user_id == user_id))

    async def open_session(self, user: User, *, refresh_token: bytes, now: datetime, ends_at: datetime) -> SignedIn:
        """Start a session with the first refresh token of its chain; forget this user's sessions that are over."""
        await self._session.execute(delete(Session).where(Session.user_id == user.id, Session.expires_at <= now))
        session_id = uuid4()
        await self._session.execute(insert(Session).values(id=session_id, user_id=user.id, expires_at=ends_at))
        await self.add_refresh_token(refresh_token, session_id=session_id, ends_at=ends_at)
        return SignedIn(user.id, session_id, user.role, user.token_epoch, ends_at)

    async def end_session(self, session_id: UUID, *, now: datetime) -> None:
        """Its access tokens and its refresh tokens are worth nothing from now on."""
        await self._session.execute(
            update(Session).where(Session.id == session_id, Session.revoked_at.is_(None)).values(revoked_at=now)
        )

    async def add_refresh_token(self, fingerprint: bytes, *, session_id: UUID, ends_at: datetime) -> None:
        """Store one more link of the session's chain."""
        await self._session.execute(
            insert(RefreshToken).values(token_hash=fingerprint, session_id=session_id, expires_at=ends_at)
        )

    async def lock_refresh_token(self, fingerprint: bytes, *, following: bytes) -> StoredRefreshToken | None:
        """The token, kept from other refreshes until the unit of work ends; `following` is the one after it."""
        row = (
            await self._session.execute(
                select(RefreshToken, Session, User)
                .join(Session, Session.id == RefreshToken.session_id)
                .join(User, User.id == Session.user_id)
                .where(RefreshToken.token_hash == fingerprint)
                .with_for_update(of=RefreshToken)
            )
        ).one_or_none()
        if row is None:
            return None
        token, session, user = row
        # Asked for once the lock is ours: it may have been made by whoever had the lock before.
        next_used_at = await self._session.scalar(
            select(RefreshToken.used_at).where(RefreshToken.token_hash == following)
        )
        return StoredRefreshToken(
            state=RefreshTokenState(
                used_at=token.used_at,
                expires_at=token.expires_at,
                next_is_used=next_used_at is not None,
                session_revoked_at=session.revoked_at,
            ),
            owner=SignedIn(user.id, session.id, user.role, user.token_epoch, session.expires_at),
        )

    async def mark_used(self, fingerprint: bytes, *, now: datetime) -> None:
        """Remember that this refresh token has been exchanged."""
        await self._session.execute(
            update(RefreshToken).where(RefreshToken.token_hash == fingerprint).values(used_at=now)
        )


def unit_of_work(engine: AsyncEngine) -> UnitOfWork:
    """Units of work on `engine`."""
    open_session = create_session_factory(engine)

    @asynccontextmanager
    async def begin() -> AsyncIterator[AccountRepository]:
        async with open_session.begin() as session:
            yield AccountRepository(session)

    return begin
