"""Access tokens and refresh tokens: made here, and nowhere else.

A sign-in is a session. It has a chain of refresh tokens; each is good once and leads to the next (RFC 9700 §4.14.2).
Only their SHA-256 is stored: they are random, so there is nothing to guess and no need for a slow hash.

**A token used twice** is either a thief's, or that of a person whose answer was lost on the way or who has two tabs
open. Refusing the second would log people out for a bad network; answering it with *another* new token would give a
thief a chain of their own that nobody notices. So the next token is derived from the one before with a key that only
this service has, and repeating a refresh within `REPEAT_WINDOW` gives **the same** next token again. There is only ever
one chain: whoever is behind on it, thief or owner, shows up as soon as both go on, and then the session ends for both.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts import claims as access_tokens

REPEAT_WINDOW = timedelta(seconds=30)
"""As long as a client's time-out and second try take; after it a repeated refresh token ends the session."""
_DERIVATION = b"frontrow refresh token v1"


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody who signed in, or refreshed, gets. `expires_in`: of the access token, in whole seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session it is; `expires_at` is its end."""

    user_id: int
    session_id: UUID
    role: str
    token_epoch: int
    expires_at: datetime


class Tokens:
    """Makes tokens with the service's secret."""

    def __init__(self, *, secret: str, access_token_lifetime: timedelta) -> None:
        self._secret = secret
        self._lifetime = access_token_lifetime
        # A key of its own, so that a refresh token can never be mistaken for anything else that the secret signs.
        self._refresh_key = hmac.digest(secret.encode(), _DERIVATION, "sha256")

    def grant(self, who: SignedIn, *, refresh_token: str, now: datetime) -> Grant:
        """An access token for `who`, beside `refresh_token`. It ends with the session at the latest."""
        lifetime = min(self._lifetime, who.expires_at - now)
        claims = access_tokens.Claims(
            user_id=who.user_id, session_id=who.session_id, role=who.role, epoch=who.token_epoch
        )
        return Grant(
            access_token=access_tokens.sign(claims, secret=self._secret, now=now, lifetime=lifetime),
            refresh_token=refresh_token,
            expires_in=int(lifetime.total_seconds()),
        )

    def next_refresh_token(self, refresh_token: str) -> str:
        """The one that follows `refresh_token` in its chain: always the same one."""
        return _as_text(hmac.digest(self._refresh_key, refresh_token.encode(), "sha256"))


def first_refresh_token() -> str:
    """The start of a chain: 256 random bits."""
    return _as_text(secrets.token_bytes(32))


def fingerprint(refresh_token: str) -> bytes:
    """What is stored of a refresh token."""
    return hashlib.sha256(refresh_token.encode()).digest()


def _as_text(token: bytes) -> str:
    return urlsafe_b64encode(token).rstrip(b"=").decode()
