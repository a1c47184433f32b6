"""The edge's own refusals, in the form that the services use (RFC 9457)."""

import json
from http import HTTPStatus

from aiohttp import web

RETRY_AFTER_S = 1


def problem(status: HTTPStatus, title: str, *, path: str) -> web.Response:
    """A response with an `application/problem+json` body. `about:blank`: the status says what kind it is."""
    return _response(status, {"type": "about:blank", "title": title, "status": int(status), "instance": path})


def unavailable(path: str) -> web.Response:
    """The service did not answer: the same problem as nginx and the services themselves give."""
    body: dict[str, str | int] = {
        "type": "/problems/unavailable",
        "title": "Not available right now",
        "status": int(HTTPStatus.SERVICE_UNAVAILABLE),
        "detail": "Try again with the same Idempotency-Key: it settles whether the first try happened.",
        "instance": path,
        "retry_after": RETRY_AFTER_S,
    }
    answer = _response(HTTPStatus.SERVICE_UNAVAILABLE, body)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _response(status: HTTPStatus, body: dict[str, str | int]) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/problem+json",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
