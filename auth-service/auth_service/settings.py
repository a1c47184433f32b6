"""The auth service's settings.

Besides those of every service (`shared.settings`), from environment variables of the same names:

- `BCRYPT_COST` (12): each step doubles the work of a password hash; 12 takes about a quarter of a second of one core.
  Passwords are hashed again with a new cost when their owners sign in. Production refuses less than 10.
- `PASSWORD_QUEUE` (64): log-ins and registrations that may wait for a free hashing thread; the next one is told 503
  and when to come back.
- `ACCESS_TOKEN_LIFETIME_S` (1800).
- `REFRESH_TOKEN_LIFETIME_S` (2592000, which is 30 days): how long a sign-in lasts at most;
  refreshing does not extend it.
"""

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from shared.settings import Environment, SharedSettings

MIN_PRODUCTION_COST = 10


class AuthSettings(SharedSettings):
    """See the module."""

    bcrypt_cost: int = Field(default=12, ge=4, le=16)
    password_queue: int = Field(default=64, ge=1, le=10_000)
    access_token_lifetime_s: int = Field(default=1800, ge=10, le=24 * 3600)
    refresh_token_lifetime_s: int = Field(default=30 * 24 * 3600, ge=60, le=400 * 24 * 3600)

    @model_validator(mode="after")
    def _refuse_cheap_hashes(self) -> Self:
        if self.environment is Environment.PRODUCTION and self.bcrypt_cost < MIN_PRODUCTION_COST:
            raise ValueError(f"BCRYPT_COST must be at least {MIN_PRODUCTION_COST} in production")
        return self

    @property
    def access_token_lifetime(self) -> timedelta:
        """How long an access token is good for."""
        return timedelta(seconds=self.access_token_lifetime_s)

    @property
    def session_lifetime(self) -> timedelta:
        """How long a sign-in lasts at most."""
        return timedelta(seconds=self.refresh_token_lifetime_s)
