"""Settings of the booking service, each with what happens at its limit."""

from typing import Annotated, Any, Self

from fastapi import Depends, Request
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from booking_service.failpoints import Failpoint, parse
from shared.settings import MIN_SECRET_BYTES, Environment, SharedSettings


class BookingSettings(SharedSettings):
    """Durations in seconds."""

    hold_duration_s: float = Field(default=300, gt=0)
    """How long a hold lasts; an extension lasts as long again."""
    hold_max_s: float = Field(default=3300, gt=0)
    """From its beginning, the longest that extensions can keep a hold; asked for more, it keeps the end it has. By
    default ten extensions (WCAG 2.2.1); a hot sale may need fewer."""
    max_seats_per_hold: int = Field(default=10, ge=1, le=50)
    """More seats than this in one request: 422."""
    max_held_seats_per_user: int = Field(default=10, ge=1)
    """Seats that one user may hold at once in one event; beyond: 409 hold-limit-reached."""
    gate_enabled: bool = True
    """Off: every request goes to PostgreSQL, which decides anyway. Slower in a stampede, never wrong."""
    gate_timeout_s: float = Field(default=0.25, gt=0)
    """A gate that takes longer is skipped, and left alone for a second."""

    sweep_interval_s: float = Field(default=60, gt=0)
    """How often every instance looks for ended holds that nobody has released."""
    heal_interval_s: float = Field(default=1, gt=0)
    """How often the ledger is read for changes that no message told of: the longest that a viewer can be wrong."""
    heartbeat_interval_s: float = Field(default=10, gt=0)
    """How often a viewer hears from us when nothing happens."""

    ticket_old_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Former values of JWT_SECRET whose tickets are still good, separated by spaces. New tickets are signed with the
    present one; without this list, tickets printed before a change open no door."""

    failpoints: Annotated[tuple[Failpoint, ...], NoDecode] = ()
    """For tests: where this process fails, and how (see `booking_service.failpoints`). Production refuses to start."""

    @field_validator("ticket_old_secrets", mode="before")
    @classmethod
    def _split_spaces(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("ticket_old_secrets")
    @classmethod
    def _refuse_weak_old_secrets(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(old.get_secret_value().encode()) < MIN_SECRET_BYTES for old in value):
            raise ValueError(f"each must be at least {MIN_SECRET_BYTES} bytes of randomness, as JWT_SECRET was")
        return value

    @field_validator("failpoints", mode="before")
    @classmethod
    def _parse_failpoints(cls, value: Any) -> Any:
        return parse(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _refuse_failpoints_in_production(self) -> Self:
        if self.failpoints and self.environment is Environment.PRODUCTION:
            raise ValueError("FAILPOINTS are for tests; with ENVIRONMENT=production there may be none")
        return self


def _settings(request: Request) -> BookingSettings:
    settings: BookingSettings = request.state.settings
    return settings


SettingsDep = Annotated[BookingSettings, Depends(_settings)]
