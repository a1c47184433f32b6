"""Run a service inside the test, with its lifespan, and talk HTTP to it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI

SECRET = "a-secret-for-tests-only-0123456789abcdef"


def environ(*, database_url: str, redis_url: str, **more: str) -> Mapping[str, str]:
    """The settings of a service in tests, as keyword arguments for its settings class."""
    return {
        "database_url": database_url,
        "redis_url": redis_url,
        "jwt_secret": SECRET,
        "environment": "test",
        "log_level": "WARNING",
        **more,
    }


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `app`, whose lifespan runs meanwhile. No sockets: the app is called directly."""
    async with AsyncExitStack() as stack:
        state = await stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app=_with_state(app, dict(state or {})), raise_app_exceptions=False)
        yield await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://testserver"))


def _with_state(app: FastAPI, state: dict[str, object]):  # type: ignore[no-untyped-def]  # an ASGI app: three untyped callables
    """What a server does with the lifespan's state: every request starts with a copy of it."""

    async def with_state(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        scope["state"] = dict(state)
        await app(scope, receive, send)

    return with_state
