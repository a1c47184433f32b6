"""`create_service()`: a FastAPI app with everything that all services have in common."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.chassis.docs import add_docs
from shared.chassis.head import HeadAsGet
from shared.chassis.health import health_router
from shared.chassis.logging import configure_logging
from shared.chassis.problems import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
    Unprocessable,
    problem_responses,
)
from shared.chassis.request_log import RequestLog
from shared.chassis.strict_json import StrictBodies
from shared.settings import SharedSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Mapping[str, Any]]]


def create_service(
    *,
    name: str,
    title: str,
    description: str,
    settings: SharedSettings,
    lifespan: Lifespan,
    routers: Sequence[APIRouter],
    form_paths: frozenset[str] = frozenset(),
    thin_edge: Callable[[ASGIApp], ASGIApp] | None = None,
) -> FastAPI:
    """The app of one service.

    `lifespan` makes what has a life (engine, Redis, hub) and yields it as state; it must yield `identifier`
    (`shared.chassis.identity`) and `dependencies` (`shared.chassis.health`). Nothing connects before it runs.
    `thin_edge`: a layer that may answer requests before the framework sees them; it must be as strict, and log.
    """
    configure_logging(settings.log_level)
    app = Service(
        title=title,
        description=description,
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # Nobody here listens, and asking at each request whether somebody does takes longer than the log line.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        # "model": None keeps the framework from describing an answer of its own, which we never give.
        responses={422: {**problem_responses(Unprocessable)[422], "model": None}},
    )
    for router in (*routers, health_router(name)):
        app.include_router(router)
    add_docs(app, token_url=settings.token_url)

    app.add_exception_handler(Problem, _render_problem)
    app.add_exception_handler(RequestValidationError, _render_validation_error)
    app.add_exception_handler(HTTPException, _render_http_exception)

    # Added innermost first: the log sees everything, and browsers of allowed origins can read refused bodies too.
    app.add_middleware(StrictBodies, form_paths=form_paths)
    if settings.allowed_origins:  # otherwise there is nobody to let in, and each answer would pass a layer for nothing
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "HEAD", "POST", "PATCH", "DELETE"],
            # The Authorize button of the Swagger pages sends X-Requested-With.
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID", "X-Requested-With"],
            expose_headers=["Retry-After", "X-Request-ID", "ETag"],
            max_age=600,
        )
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestLog)
    if thin_edge is not None:
        app.front = thin_edge(app.behind)
    return app


class Service(FastAPI):
    """A FastAPI app that may have a layer in front of everything that the framework does."""

    front: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await (self.front or self.behind)(scope, receive, send)

    async def behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app as the framework makes it."""
        await super().__call__(scope, receive, send)


_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


async def _render_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this class
    error.with_traceback(None)  # see `Problem`
    return error.response(request.url.path)


async def _render_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    # Never `input`: what was sent may be a password, or something that JSON cannot even say.
    errors = [{"loc": [_plain(part) for part in e["loc"]], "msg": e["msg"]} for e in error.errors()]
    where = ", ".join(".".join(e["loc"][1:]) or e["loc"][0] for e in errors[:5])
    return Unprocessable(f"Check {where}.", errors=errors[:20]).response(request.url.path)


def _plain(name: object) -> str:
    """A name of ours, or one that the sender made up, when it is harmless to repeat."""
    return str(name) if _PLAIN_NAME.fullmatch(str(name)) else "?"


async def _render_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    known: dict[int, type[Problem]] = {
        400: BadRequest,
        404: NotFound,
        405: MethodNotAllowed,
        422: Unprocessable,
    }
    if error.status_code == 503:
        return Unavailable(str(error.detail)).response(request.url.path)
    problem = known.get(error.status_code, BadRequest if error.status_code < 500 else Problem)(
        headers=error.headers or {}
    )
    return problem.response(request.url.path)
