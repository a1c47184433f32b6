"""The auth service on a real database, and people who use it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from auth_service.main import create_app
from auth_service.settings import AuthSettings
from tests.support.apps import environ, running

PASSWORD = "seven green kettles"


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of the service."""

    client: httpx.AsyncClient
    email: str = "ann@example.com"
    password: str = PASSWORD

    async def register(self, **changes: Any) -> httpx.Response:
        """Make an account."""
        body = {"email": self.email, "password": self.password, "name": "Ann", **changes}
        return await self.client.post("/register", json=body)

    async def log_in(self, **changes: Any) -> httpx.Response:
        """Sign in."""
        return await self.client.post("/login", json={"email": self.email, "password": self.password, **changes})

    async def tokens(self) -> Mapping[str, Any]:
        """Sign in, successfully."""
        answer = await self.log_in()
        assert answer.status_code == 200, answer.text
        tokens: Mapping[str, Any] = answer.json()
        return tokens

    async def refresh(self, tokens: Mapping[str, Any]) -> httpx.Response:
        """Ask for new tokens."""
        return await self.client.post("/refresh", json={"refresh_token": tokens["refresh_token"]})

    async def me(self, tokens: Mapping[str, Any]) -> httpx.Response:
        """Ask who that is."""
        return await self.client.get("/me", headers=bearer(tokens))

    async def log_out(self, tokens: Mapping[str, Any]) -> httpx.Response:
        """Sign out."""
        return await self.client.post("/logout", headers=bearer(tokens))


def bearer(tokens: Mapping[str, Any]) -> dict[str, str]:
    """The headers that go with `tokens`."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture
def settings(clean_database: str, redis_url: str) -> AuthSettings:
    """Of a service with an empty database, that hashes quickly."""
    return AuthSettings.model_validate(environ(database_url=clean_database, redis_url=redis_url, bcrypt_cost="4"))


@pytest.fixture
async def client(settings: AuthSettings) -> AsyncIterator[httpx.AsyncClient]:
    """Talks to the service."""
    async with running(create_app(settings)) as client:
        yield client


@pytest.fixture
def visitor(client: httpx.AsyncClient) -> Visitor:
    """Ann, who has no account yet."""
    return Visitor(client)


@pytest.fixture
async def ann(visitor: Visitor) -> Visitor:
    """Ann, who has an account."""
    answer = await visitor.register()
    assert answer.status_code == 201, answer.text
    return visitor


async def only_hash(connection: "asyncpg.Connection[asyncpg.Record]") -> str:
    """The stored hash of the only user."""
    stored = await connection.fetchval("SELECT password_hash FROM users")
    assert isinstance(stored, str)
    return stored
