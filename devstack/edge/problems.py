"""The edge's own refusals, in the form that the services use (RFC 9457)."""

import json
from http import HTTPStatus

from aiohttp import web


def problem(status: HTTPStatus, title: str, *, path: str, detail: str = "") -> web.Response:
    """A response with an `application/problem+json` body. `about:blank`: the status says what kind it is."""
    body = {"type": "about:blank", "title": title, "status": int(status), "instance": path}
    if detail:
        body["detail"] = detail
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/problem+json",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
