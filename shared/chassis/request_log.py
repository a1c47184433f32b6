"""The outermost layer of a service: request ids, one log line per request, security headers, the last catch."""

import itertools
import re
import secrets
import time
from collections.abc import Sequence

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis.logging import RequestLine, request_id, request_lines
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await logged(scope, receive, send, self._app)


async def logged(scope: Scope, receive: Receive, send: Send, app: ASGIApp) -> None:
    """Let `app` answer this request, with everything that `RequestLog` promises."""
    its_id = _request_id(scope)
    started_at = time.perf_counter()
    status = 0

    async def send_with_headers(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = message.get("headers", ())
            present = {name for name, _ in headers}  # lower case, as ASGI wants them
            added = [pair for pair in API_HEADERS if pair[0] not in present]
            message = {**message, "headers": [*headers, *added, (b"x-request-id", its_id.encode())]}
        await send(message)

    context = request_id.set(its_id)
    try:
        await app(scope, receive, send_with_headers)
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
        request_id.reset(context)
        if scope["path"] not in _QUIET_PATHS:
            duration_ms = round((time.perf_counter() - started_at) * 1000, 1)
            user_id = scope.get("state", {}).get("user_id")
            request_lines.write(RequestLine(scope["method"], scope["path"], status, duration_ms, user_id, its_id))


_PROCESS = secrets.token_hex(10)
_numbers = itertools.count()


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    its_id = given.decode() if given and _REQUEST_ID.fullmatch(given) else f"{_PROCESS}{next(_numbers):012x}"
    scope.setdefault("state", {})["request_id"] = its_id
    return its_id
