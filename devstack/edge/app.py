"""The edge as an aiohttp application."""

from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from pathlib import Path

import aiohttp
from aiohttp import web

from devstack.edge.pages import Pages
from devstack.edge.problems import problem
from devstack.edge.proxy import forward, forward_socket, make_client
from devstack.edge.upstreams import Upstreams

_CLIENT = web.AppKey("client", aiohttp.ClientSession)


def create_edge(upstreams: Upstreams, *, frontend: Path, page_headers: Mapping[str, str]) -> web.Application:
    """Pages of `frontend` with `page_headers`; /api/... and /ws/... go to `upstreams`; /health is ours."""
    pages = Pages(frontend, page_headers)

    async def pass_on(request: web.Request) -> web.StreamResponse:
        found = upstreams.find(request.rel_url.raw_path)
        if found is None:
            return problem(HTTPStatus.NOT_FOUND, "No such address", path=request.path)
        addresses, path = found
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await forward_socket(request, request.app[_CLIENT], addresses, path)
        return await forward(request, request.app[_CLIENT], addresses, path)

    app = web.Application()
    app.cleanup_ctx.append(_open_client)
    app.on_response_prepare.append(_without_server_name)
    app.router.add_get("/health", _health)
    for prefix in ("/api", "/ws"):
        app.router.add_route("*", prefix + "{rest:/.*}", pass_on)
    app.router.add_route("*", "/{path:.*}", pages.serve)
    return app


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "service": "edge"})


async def _without_server_name(_request: web.Request, response: web.StreamResponse) -> None:
    """Which program serves, and its version, is nobody's business."""
    response.headers.popall("Server", None)


async def _open_client(app: web.Application) -> AsyncIterator[None]:
    async with make_client() as client:
        app[_CLIENT] = client
        yield
