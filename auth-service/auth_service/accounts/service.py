"""Registering, signing in, staying signed in, signing out.

Here, unlike elsewhere, a request is not one transaction: hashing a password takes longer than a connection may be kept
from others. So each step opens its own short unit of work, and no connection is held while a password is hashed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from auth_service.accounts.errors import EmailTaken, RefreshRefused, WrongCredentials
from auth_service.accounts.repository import UnitOfWork
from auth_service.accounts.rules import Verdict, judge_refresh, normalised_email
from auth_service.passwords import Passwords, PasswordsBusy
from auth_service.tokens import Grant, Tokens, fingerprint, first_refresh_token
from shared.chassis.identity import Identity
from shared.chassis.problems import Unauthorized
from shared.models import User

log = structlog.get_logger()


class AccountService:
    """See the module."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWork,
        passwords: Passwords,
        tokens: Tokens,
        session_lifetime: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._passwords = passwords
        self._tokens = tokens
        self._session_lifetime = session_lifetime
        self._clock = clock

    async def register(self, *, email: str, password: str, name: str) -> User:
        """A new account with the role `user`. Raises `EmailTaken`, `PasswordsBusy`."""
        password_hash = await self._passwords.hash(password)
        async with self._unit_of_work() as accounts:
            user = await accounts.add_user(email=email, password_hash=password_hash, name=name)
        if user is None:
            raise EmailTaken
        log.info("account.registered", user_id=user.id)
        return user

    async def sign_in(self, *, email: str, password: str) -> Grant:
        """Start a session. Raises `WrongCredentials` for every reason alike, `PasswordsBusy`."""
        # Backing off per account and per address belongs here: the email is known, the hash is not yet paid for.
        async with self._unit_of_work() as accounts:
            user = await accounts.find_by_email(normalised_email(email) or "")
        matches = await self._passwords.matches(password, user.password_hash if user else None)
        if user is None or not matches:
            log.info("sign_in.refused", user_id=user.id if user else None)
            raise WrongCredentials
        await self._renew_hash(user, password)

        now, refresh_token = self._clock(), first_refresh_token()
        async with self._unit_of_work() as accounts:
            signed_in = await accounts.open_session(
                user, refresh_token=fingerprint(refresh_token), now=now, ends_at=now + self._session_lifetime
            )
        log.info("sign_in.done", user_id=user.id, session_id=str(signed_in.session_id))
        return self._tokens.grant(signed_in, refresh_token=refresh_token, now=now)

    async def refresh(self, refresh_token: str) -> Grant:
        """New tokens for the same session. Raises `RefreshRefused` for every reason alike.

        Of any number of refreshes with the same token, at once or within `REPEAT_WINDOW`, all get the same next one.
        Any later use of it ends the session.
        """
        now = self._clock()
        following = self._tokens.next_refresh_token(refresh_token)
        async with self._unit_of_work() as accounts:
            found = await accounts.lock_refresh_token(fingerprint(refresh_token), following=fingerprint(following))
            if found is None:
                raise RefreshRefused
            verdict, owner = judge_refresh(found.state, now), found.owner
            if verdict is Verdict.ROTATE:
                await accounts.mark_used(fingerprint(refresh_token), now=now)
                await accounts.add_refresh_token(
                    fingerprint(following), session_id=owner.session_id, ends_at=owner.expires_at
                )
            elif verdict is Verdict.REUSED:
                await accounts.end_session(owner.session_id, now=now)

        # Raised only here, after the commit: a refusal inside the block would undo the end of the session.
        if verdict is Verdict.REUSED:
            log.warning("refresh.reused", user_id=owner.user_id, session_id=str(owner.session_id))
        if verdict in (Verdict.REUSED, Verdict.REFUSE):
            raise RefreshRefused
        return self._tokens.grant(owner, refresh_token=following, now=now)

    async def sign_out(self, identity: Identity) -> None:
        """End the session of `identity`: its access tokens, in all services, and its refresh tokens."""
        async with self._unit_of_work() as accounts:
            await accounts.end_session(identity.session_id, now=self._clock())
        log.info("sign_out.done", user_id=identity.user_id, session_id=str(identity.session_id))

    async def account(self, identity: Identity) -> User:
        """The caller's own account. Raises `Unauthorized` when it was removed since the token was checked."""
        async with self._unit_of_work() as accounts:
            user = await accounts.find(identity.user_id)
        if user is None:
            raise Unauthorized
        return user

    async def _renew_hash(self, user: User, password: str) -> None:
        if not self._passwords.is_outdated(user.password_hash):
            return
        try:
            password_hash = await self._passwords.hash(password)
        except PasswordsBusy:  # the person is who they say; the next sign-in will do for the hash
            return
        async with self._unit_of_work() as accounts:
            await accounts.replace_hash(user, password_hash)
