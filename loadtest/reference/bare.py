"""The least that Python can do for a request: an ASGI endpoint without a framework that decodes, and answers.

No database, no Redis, no token, no log. What an endpoint costs above this is its own doing; and a load generator that
gets more out of this than out of a service is not what limits the service.
"""

import msgspec
from starlette.types import Receive, Scope, Send


class _Wanted(msgspec.Struct):
    seat_id: int


class _Held(msgspec.Struct):
    seat_id: int
    status: str
    expires_in: int


_decode = msgspec.json.Decoder(_Wanted).decode
_encode = msgspec.json.Encoder().encode


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Every POST is a hold that succeeds; everything else is health."""
    if scope["type"] != "http":
        return
    status, body = 200, b"{}"
    if scope["method"] == "POST":
        message = await receive()
        given: bytes = message["body"]
        while message["more_body"]:
            message = await receive()
            given += message["body"]
        status, body = 201, _encode(_Held(_decode(given).seat_id, "held", 300))
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
