"""`python -m tests.devstack.fake_service NAME --port N`: a service that says who it is and what it was asked."""

import argparse
import os

from aiohttp import WSMsgType, web

_NAME = web.AppKey("name", str)


def create_fake(name: str) -> web.Application:
    """Answers every path with what it got; /ws/... echoes; some paths misbehave on purpose."""
    app = web.Application(client_max_size=10_000_000)
    app.router.add_get("/health", _health)
    app.router.add_get("/ws/events/{id}", _socket)
    app.router.add_get("/events/silence", _breaks_off)
    app[_NAME] = name
    app.router.add_route("*", "/{path:.*}", _echo)
    return app


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _echo(request: web.Request) -> web.Response:
    body = await request.read()
    answer = {
        "service": request.app[_NAME],
        "pid": os.getpid(),
        "method": request.method,
        "path": request.raw_path,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": body.decode(),
    }
    headers = {"X-Answer": "yes", "Connection": "X-Hop", "X-Hop": "not for the client"}
    return web.json_response(answer, status=201 if request.method == "POST" else 200, headers=headers)


async def _breaks_off(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _socket(request: web.Request) -> web.StreamResponse:
    if request.match_info["id"] == "404":
        return web.json_response({"title": "No such event"}, status=404)
    socket = web.WebSocketResponse(protocols=["frontrow.v1"])
    await socket.prepare(request)
    await socket.send_json({"host": request.host, "origin": request.headers.get("Origin"), "pid": os.getpid()})
    async for message in socket:
        if message.type == WSMsgType.TEXT and message.data == "close":
            await socket.close(code=4404, message=b"no such event")
        elif message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    web.run_app(create_fake(arguments.name), host="127.0.0.1", port=arguments.port, print=None)


if __name__ == "__main__":
    main()
