"""The auth service, put together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from auth_service.accounts.repository import unit_of_work
from auth_service.accounts.router import router
from auth_service.accounts.service import AccountService
from auth_service.passwords import Passwords
from auth_service.settings import AuthSettings
from auth_service.tokens import Tokens
from shared.chassis.health import Dependency
from shared.chassis.identity import TokenIdentifier, engine_lookup
from shared.chassis.service import create_service
from shared.clock import utc_now
from shared.engine import assert_durable, create_engine

DESCRIPTION = """
Accounts, and who is signed in.

1. `POST /register` makes an account, `POST /login` signs in to it.
2. Send the `access_token` as `Authorization: Bearer …` to all services. It is good for half an hour.
3. `POST /refresh` exchanges the `refresh_token` for new ones. `POST /logout` ends both at once.

On this page: press **Authorize**, and give your email as the user name.
Errors are [problem details](https://www.rfc-editor.org/rfc/rfc9457), with a stable `type`.
"""
TOKEN_PATH = "/token"  # noqa: S105 - an address, not a secret


def create_app(settings: AuthSettings | None = None) -> FastAPI:
    """The service's app. `settings` come from the environment unless given; nothing connects before it starts."""
    settings = settings or AuthSettings()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        secret = settings.jwt_secret.get_secret_value()
        engine = create_engine(settings, application_name="frontrow-auth")
        passwords = Passwords(cost=settings.bcrypt_cost, queue=settings.password_queue)
        try:
            await assert_durable(engine, settings.environment)
            yield {
                "identifier": TokenIdentifier(secret=secret, lookup=engine_lookup(engine)),
                "dependencies": (Dependency("postgres", lambda: _ping(engine), required=True),),
                "accounts": AccountService(
                    unit_of_work=unit_of_work(engine),
                    passwords=passwords,
                    tokens=Tokens(secret=secret, access_token_lifetime=settings.access_token_lifetime),
                    session_lifetime=settings.session_lifetime,
                    clock=utc_now,
                ),
            }
        finally:
            passwords.close()
            await engine.dispose()

    return create_service(
        name="auth",
        title="Frontrow auth service",
        description=DESCRIPTION,
        settings=settings,
        lifespan=lifespan,
        routers=[router],
        form_paths=frozenset({TOKEN_PATH}),
    )


async def _ping(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
