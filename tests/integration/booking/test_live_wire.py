"""What shared/chassis/wire.py uses of uvicorn's insides is there and does what we think, on both event loops."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from shared.chassis.wire import EXTENSION, Wire, frame
from tests.support.live import serving, until

Loop = Callable[[], asyncio.AbstractEventLoop]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]:
    """Runs a coroutine in a loop of its own, in a thread."""

    async def in_a_loop(work: Callable[[], Awaitable[None]]) -> None:
        def thread() -> None:
            with asyncio.Runner(loop_factory=request.param) as runner:
                runner.run(work())  # type: ignore[arg-type]  # a coroutine function's result

        await asyncio.to_thread(thread)

    return in_a_loop


class App:
    """Accepts a socket, hands out its wire, and listens."""

    def __init__(self) -> None:
        self.wire: Wire | None = None
        self.happened: list[str] = []
        self.close = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        await receive()
        await send({"type": "websocket.accept"})
        wire: Wire = scope["extensions"][EXTENSION]
        wire.watch(
            waiting_bytes=10_000,
            on_full=lambda: self.happened.append("full"),
            on_drained=lambda: self.happened.append("drained"),
        )
        self.wire = wire
        listening = asyncio.create_task(self._listen(receive))
        closing = asyncio.create_task(self.close.wait())
        await asyncio.wait([listening, closing], return_when=asyncio.FIRST_COMPLETED)
        if closing.done():
            await send({"type": "websocket.close", "code": 4000})
            wire.write(frame("too late"))
            await listening
        closing.cancel()
        self.happened.append("left")

    async def _listen(self, receive: Any) -> None:
        while (await receive())["type"] != "websocket.disconnect":
            pass


async def with_a_client(app: App, work: Callable[[ClientConnection, Wire], Awaitable[None]], **options: Any) -> None:
    async with serving(app, send_buffer_bytes=4096) as address, connect(f"ws://{address}/", **options) as client:
        await until(lambda: app.wire)
        assert app.wire is not None
        await work(client, app.wire)


async def test_frames_arrive_as_messages_beside_those_of_asgi_and_the_server_s_pings(run: Any) -> None:
    messages: list[str | bytes] = [
        "",
        "Żółw",
        b"",
        *(kind * size for kind in ("x", b"y") for size in (1, 125, 126, 65_535, 65_536, 200_000)),
    ]

    async def work() -> None:
        app = App()

        async def talk(client: ClientConnection, wire: Wire) -> None:
            for message in messages:
                wire.write(frame(message))
                await client.ping()
                assert await client.recv() == message
            wire.write(b"".join(map(frame, messages)))
            assert [await client.recv() for _ in messages] == messages

        await with_a_client(app, talk)

    await run(work)


async def test_a_client_that_takes_nothing_is_noticed_and_noticed_again_when_it_does(run: Any) -> None:
    async def work() -> None:
        app = App()

        async def talk(client: ClientConnection, wire: Wire) -> None:
            written = 0
            while "full" not in app.happened:
                wire.write(frame("x" * 5_000))
                written += 1
                await asyncio.sleep(0)
            for _ in range(written):
                await client.recv()
            await until(lambda: app.happened == ["full", "drained"])

        # Reads no further ahead than one message.
        await with_a_client(app, talk, max_queue=1)

    await run(work)


async def test_nothing_is_written_after_the_close(run: Any) -> None:
    async def work() -> None:
        app = App()

        async def talk(client: ClientConnection, wire: Wire) -> None:
            app.close.set()
            with pytest.raises(ConnectionClosed) as closed:
                await client.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4000
            await until(lambda: "left" in app.happened)
            wire.write(frame("much too late"))

        await with_a_client(app, talk)

    await run(work)


async def test_an_aborted_client_is_gone_at_once_and_the_app_hears_of_it(run: Any) -> None:
    async def work() -> None:
        app = App()

        async def talk(client: ClientConnection, wire: Wire) -> None:
            wire.abort()
            wire.write(frame("too late"))
            with pytest.raises(ConnectionClosed) as closed:
                await client.recv()
            assert closed.value.rcvd is None
            await until(lambda: "left" in app.happened)

        await with_a_client(app, talk)

    await run(work)
