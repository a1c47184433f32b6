"""The outermost layer of a service: request ids, one log line per request, security headers, the last catch."""

import re
import secrets
import time
from collections.abc import Sequence

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis.problems import Problem, Unavailable
from shared.chassis.unavailable import is_database_outage

log = structlog.get_logger()

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_QUIET_PATHS = frozenset({"/health"})

# Answers of an API are not pages: nothing in them may run, be framed or be guessed at. /docs sets its own policy.
API_HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class RequestLog:
    """Gives each request an id, logs its outcome once, answers what nobody caught.

    A caller's own `X-Request-ID` is kept when it is plain enough for a log line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Bound once: structlog's loggers make themselves anew for each line otherwise, a third of the line's price.
        self._log = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        started_at = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.get("headers", ())
                present = {name for name, _ in headers}  # lower case, as ASGI wants them
                added = [pair for pair in API_HEADERS if pair[0] not in present]
                message = {**message, "headers": [*headers, *added, (b"x-request-id", request_id.encode())]}
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_headers)
            except Exception as error:
                if is_database_outage(error):
                    log.warning("database.unavailable", error=type(error).__name__)
                    problem: Problem = Unavailable()
                else:
                    log.exception("request.failed", method=scope["method"], path=scope["path"])
                    problem = Problem()
                if status:  # the answer has begun: all that is left is to cut it off
                    raise
                await problem.response(scope["path"])(scope, receive, send_with_headers)
            finally:
                if scope["path"] not in _QUIET_PATHS:
                    self._log.info(
                        "request",
                        method=scope["method"],
                        path=scope["path"],
                        status=status,
                        duration_ms=round((time.perf_counter() - started_at) * 1000, 1),
                        user_id=scope.get("state", {}).get("user_id"),
                    )


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    request_id = given.decode() if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
    scope.setdefault("state", {})["request_id"] = request_id
    return request_id
