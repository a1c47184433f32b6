"""Passing a request on to a service, and its answer back, without holding either in memory."""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus

import aiohttp
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from devstack.edge.problems import problem, unavailable

# Headers that are about one connection, not about the message (RFC 9110 §7.6.1).
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        # Answered here, before the body is read.
        "expect",
    }
)
# Written by us: what the client says there, anybody could say.
_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"})


def make_client() -> aiohttp.ClientSession:
    """The client towards the services: passes everything on as it came."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            # Below uvicorn's five seconds: never write into a connection that it is closing.
            keepalive_timeout=3,
        ),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=60),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=["User-Agent", "Accept", "Accept-Encoding", "Content-Type"],
    )


async def forward(
    request: web.Request, client: aiohttp.ClientSession, addresses: Iterator[str], path: str
) -> web.StreamResponse:
    """The answer of the first of `addresses` that accepts a connection.

    503 when none does, when it ends in the middle, or when it stays silent: the same as behind nginx.
    """
    headers = request_headers(request)
    for address in addresses:
        try:
            upstream = await client.request(
                request.method,
                _url(address, path, request),
                headers=headers,
                data=request.content if request.body_exists else None,
                allow_redirects=False,
            )
        except aiohttp.ClientConnectorError:
            # Refused: nothing was sent, so another instance may have it.
            continue
        except TimeoutError:
            return unavailable(request.path)
        except aiohttp.ClientError:
            # It may or may not have done the work: the client repeats it with the same key.
            return unavailable(request.path)
        async with upstream:
            return await _answer(request, upstream)
    return unavailable(request.path)


async def _answer(request: web.Request, upstream: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=upstream.status, reason=upstream.reason)
    response.headers.extend(_end_to_end(upstream.headers))
    bodiless = request.method == "HEAD" or upstream.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
    if not bodiless and "Content-Length" not in upstream.headers:
        response.enable_chunked_encoding()
    await response.prepare(request)
    try:
        async for part in upstream.content.iter_any():
            await response.write(part)
    except (aiohttp.ClientError, TimeoutError):
        # Half of the answer is out: only a broken connection can still say that the rest is missing.
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response


async def forward_socket(
    request: web.Request, client: aiohttp.ClientSession, addresses: Iterator[str], path: str
) -> web.StreamResponse:
    """Open a WebSocket to the first of `addresses` that accepts, then carry messages both ways.

    A refusal of the service at the handshake is passed on with its status.
    """
    protocols = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if name.strip()]
    headers = request_headers(request)
    for name in [name for name in headers if name.lower().startswith("sec-websocket-")]:
        headers.popall(name, None)
    for address in addresses:
        try:
            upstream = await client.ws_connect(
                _url(address, path, request),
                headers=headers,
                protocols=protocols,
                autoping=False,
                autoclose=False,
                max_msg_size=0,
            )
        except aiohttp.ClientConnectorError:
            continue
        except aiohttp.WSServerHandshakeError as error:
            if error.status < 400:
                return unavailable(request.path)
            return problem(HTTPStatus(error.status), "The service refused the WebSocket", path=request.path)
        except (aiohttp.ClientError, TimeoutError):
            return unavailable(request.path)
        async with upstream:
            return await _carry(request, upstream)
    return unavailable(request.path)


async def _carry(request: web.Request, upstream: aiohttp.ClientWebSocketResponse) -> web.StreamResponse:
    viewer = web.WebSocketResponse(
        protocols=[upstream.protocol] if upstream.protocol else [],
        autoping=False,
        autoclose=False,
        compress=False,
        # The service has its own limit, and says so with its own code.
        max_msg_size=1_000_000,
    )
    await viewer.prepare(request)
    directions = [asyncio.create_task(_pump(viewer, upstream)), asyncio.create_task(_pump(upstream, viewer))]
    try:
        await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for direction in directions:
            direction.cancel()
        await asyncio.gather(*directions, return_exceptions=True)
        await viewer.close()
    return viewer


_Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


async def _pump(source: _Socket, target: _Socket) -> None:
    """Carry messages until `source` closes or breaks; then close `target` with the same code."""
    try:
        while True:
            message = await source.receive()
            match message.type:
                case aiohttp.WSMsgType.TEXT:
                    await target.send_str(message.data)
                case aiohttp.WSMsgType.BINARY:
                    await target.send_bytes(message.data)
                case aiohttp.WSMsgType.PING:
                    await target.ping(message.data)
                case aiohttp.WSMsgType.PONG:
                    await target.pong(message.data)
                case aiohttp.WSMsgType.CLOSE:
                    await target.close(code=message.data or 1000, message=(message.extra or "").encode())
                    return
                case _:
                    # Broken without a farewell: "going away", so that the other side connects again.
                    await target.close(code=aiohttp.WSCloseCode.GOING_AWAY)
                    return
    except (ConnectionError, aiohttp.ClientError):
        # The target is gone; its own direction ends by itself.
        return


def request_headers(request: web.Request) -> CIMultiDict[str]:
    """The client's headers for the service: Host as it came, and who really asked."""
    headers = _end_to_end(request.headers)
    for name in _FORWARDED:
        headers.popall(name, None)
    if request.remote:
        headers["X-Forwarded-For"] = request.remote
    headers["X-Forwarded-Proto"] = request.scheme
    return headers


def _end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    named = {name.strip().lower() for value in headers.getall("Connection", []) for name in value.split(",")}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP | named)


def _url(address: str, path: str, request: web.Request) -> URL:
    query = request.rel_url.raw_query_string
    # Encoded already: a %2F must arrive as a %2F.
    return URL(f"{address}{path}{'?' + query if query else ''}", encoded=True)
