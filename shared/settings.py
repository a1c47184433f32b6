"""Settings that every service reads. Each service adds its own in a subclass, read once by its factory."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, PostgresDsn, RedisDsn, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MIN_SECRET_BYTES = 32


class Environment(StrEnum):
    """Where a process runs. Only `test` may use servers that would lose data in a power cut."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


class SharedSettings(BaseSettings):
    """Read from environment variables of the same names; secrets have no default, so a missing one stops the start."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: PostgresDsn
    redis_url: RedisDsn
    jwt_secret: SecretStr
    """Signs access tokens (HS256); the same in all services; at least 32 bytes (RFC 7518 §3.2)."""
    environment: Environment = Environment.PRODUCTION
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Browser origins, besides a service's own, that may call it (CORS) and open its sockets. Comma separated."""
    token_url: str = "http://localhost:8000/token"  # noqa: S105 - an address, not a secret
    """Where the Authorize button of the Swagger pages sends the sign-in form."""
    public_api_prefix: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._~-]+)*$", max_length=100)] = "/api"
    """Where browsers find the services on their one origin: addresses of generated pictures begin with it. Empty when
    browsers reach the events service itself."""
    log_level: str = "INFO"
    database_pool_size: int = Field(default=10, ge=2, le=100)
    """Connections per process. Requests beyond it wait; after `database_pool_wait_s` they are told 503."""
    database_pool_wait_s: float = Field(default=5.0, gt=0)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())
        return value

    @model_validator(mode="after")
    def _refuse_weak_secret(self) -> Self:
        if len(self.jwt_secret.get_secret_value().encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"JWT_SECRET must be at least {MIN_SECRET_BYTES} bytes of randomness")
        return self
