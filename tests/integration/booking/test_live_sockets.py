"""The live map through real sockets, with the server and the client that people use."""

import asyncio
import json
import resource
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from booking_service.live import Hub, router
from shared.chassis.wire import Wire
from shared.contracts.live_messages import SeatChange, SeatChanges
from tests.support.live import Viewer, hub_on, serving, until
from tests.support.world import Venue, World


@asynccontextmanager
async def live_map(
    database_url: str, redis_url: str, *, send_buffer_bytes: int | None = None, direct: bool = True, **limits: Any
) -> AsyncIterator[tuple[Hub, str]]:
    """A hub and the address of its sockets."""
    limits = {"heal_interval_s": 0.2, **limits}

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        yield {"hub": hub}

    async with hub_on(database_url, redis_url, **limits) as hub:
        app = FastAPI(lifespan=lifespan)
        app.include_router(router)
        async with serving(app, send_buffer_bytes=send_buffer_bytes, direct=direct) as address:
            yield hub, address


@pytest.fixture(params=[True, False], ids=["written directly", "by ASGI"])
def direct(request: pytest.FixtureRequest) -> bool:
    """Whether the server writes frames directly, as ours does, or offers nothing but ASGI."""
    return bool(request.param)


@pytest.fixture(params=[None, "frontrow.v1"], ids=["plain", "compact"])
def offer(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What viewers offer to speak, as an option of theirs."""
    return {"subprotocols": [request.param] if request.param else None}


@pytest.fixture
async def live(clean_database: str, redis_url: str, direct: bool) -> AsyncIterator[tuple[Hub, str]]:
    async with live_map(
        clean_database,
        redis_url,
        direct=direct,
        heartbeat_interval_s=0.2,
        allowed_origins=("https://partner.example",),
    ) as running:
        yield running


def url(address: str, event_id: object) -> str:
    return f"ws://{address}/ws/events/{event_id}"


async def refusal(address: str, event_id: object, **options: Any) -> InvalidStatus:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url(address, event_id), **options)
    return refused.value


def news(venue: Venue, place: int, status: Any, version: int) -> SeatChanges:
    return SeatChanges(venue.event_id, [SeatChange(venue.seat_ids[place], status, version)])


def everything_blocked(venue: Venue, version: int) -> SeatChanges:
    return SeatChanges(venue.event_id, [SeatChange(seat, "blocked", version) for seat in venue.seat_ids])


async def test_a_viewer_gets_the_snapshot_then_every_change_then_signs_of_life(
    live: tuple[Hub, str], world: World, offer: dict[str, Any]
) -> None:
    hub, address = live
    venue = await world.event(seats=3)
    async with Viewer(url(address, venue.event_id), **offer) as viewer:
        await until(lambda: viewer.messages)

        await world.hold(venue, [venue.seat_ids[1]], await world.person())
        hub.announce(news(venue, 1, "held", 1))
        await until(lambda: "seat_update" in viewer.types())
        await until(lambda: viewer.types().count("heartbeat") >= 2)

        assert viewer.types()[0] == "snapshot"
        assert viewer.types().count("seat_update") == 1  # the ledger's copy of the same change is no second one
        assert viewer.statuses[venue.seat_ids[1]] == "held"


async def test_nothing_that_viewers_hear_names_a_person_or_a_hold(live: tuple[Hub, str], world: World) -> None:
    _, address = live
    venue = await world.event(seats=2)
    ann = await world.person()
    async with Viewer(url(address, venue.event_id)) as viewer:
        hold_id = await world.hold(venue, [venue.seat_ids[0]], ann)
        await until(lambda: "seat_update" in viewer.types())

        heard = json.dumps(viewer.messages)
        assert str(hold_id) not in heard
        assert ann.email not in heard
        assert {key for message in viewer.messages for key in message} <= {
            "type",
            "event_id",
            "seats",
            "seat_id",
            "seat_number",
            "status",
            "version",
            "server_time",
        }


@pytest.mark.parametrize("event_id", ["999999", "9223372036854775807"])
async def test_an_unknown_event_is_not_found(live: tuple[Hub, str], event_id: str) -> None:
    refused = await refusal(live[1], event_id)

    assert refused.response.status_code == 404
    assert json.loads(refused.response.body or b"")["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    "event_id", ["-1", "0", "01", "+1", "1.0", "1e3", "abc", "%00", "9223372036854775808", "9" * 400, "%D9%A1", "1%202"]
)
async def test_what_is_no_id_is_refused(live: tuple[Hub, str], event_id: str) -> None:
    refused = await refusal(live[1], event_id)

    assert refused.response.status_code == 422
    assert refused.response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://partner.example", "http://127.0.0.1:1"])
async def test_a_foreign_page_is_refused_even_for_an_unknown_event(
    live: tuple[Hub, str], world: World, origin: str
) -> None:
    venue = await world.event(seats=1)

    for event_id in (venue.event_id, 999_999):
        refused = await refusal(live[1], event_id, origin=origin)

        assert refused.response.status_code == 403
        assert json.loads(refused.response.body or b"")["type"] == "/problems/foreign-origin"


async def test_our_own_page_an_allowed_one_and_no_page_are_welcome(live: tuple[Hub, str], world: World) -> None:
    _, address = live
    venue = await world.event(seats=1)

    for origin in (f"http://{address}", "https://partner.example", None):
        async with Viewer(url(address, venue.event_id), origin=origin) as viewer:
            await until(lambda viewer=viewer: viewer.messages)  # type: ignore[misc]  # mypy does not follow defaults


async def test_whoever_offers_the_compact_mode_gets_it(live: tuple[Hub, str], world: World) -> None:
    venue = await world.event(seats=3)
    async with Viewer(url(live[1], venue.event_id), subprotocols=["other", "frontrow.v1"]) as viewer:
        await until(lambda: viewer.messages)

        assert viewer.socket.subprotocol == "frontrow.v1"
        assert viewer.socket.protocol.extensions == []  # no deflate
        assert viewer.knows() == dict.fromkeys(venue.seat_ids, ("available", 0))


async def test_whoever_offers_only_what_we_do_not_speak_gets_the_plain_mode(
    live: tuple[Hub, str], world: World
) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id), subprotocols=["frontrow.v99", "other"]) as viewer:
        await until(lambda: viewer.types()[:1] == ["snapshot"])

        assert viewer.socket.subprotocol is None
        assert viewer.socket.protocol.extensions == []


async def test_changes_of_a_rush_come_together_in_the_compact_mode(live: tuple[Hub, str], world: World) -> None:
    hub, address = live
    venue = await world.event(seats=100)
    async with Viewer(url(address, venue.event_id), subprotocols=["frontrow.v1"]) as viewer:
        await until(lambda: viewer.messages)
        taken = viewer.taken

        for place in range(100):
            hub.announce(news(venue, place, "held", 1))
        await until(lambda: set(viewer.statuses.values()) == {"held"})

        assert viewer.types().count("seat_update") == 100
        assert viewer.taken - taken - viewer.types().count("heartbeat") == 1


async def test_one_viewer_too_many_is_told_to_come_back(clean_database: str, redis_url: str, world: World) -> None:
    venue = await world.event(seats=1)
    async with live_map(clean_database, redis_url, sockets_per_event=2) as (hub, address), AsyncExitStack() as stack:
        first = await stack.enter_async_context(Viewer(url(address, venue.event_id)))
        await stack.enter_async_context(Viewer(url(address, venue.event_id)))

        refused = await refusal(address, venue.event_id)

        assert refused.response.status_code == 503
        assert refused.response.headers["retry-after"] == "5"
        await first.socket.close()
        await until(lambda: hub.feeds()[0].viewers == 1)
        await stack.enter_async_context(Viewer(url(address, venue.event_id)))


async def test_what_a_viewer_says_is_ignored_within_reason(live: tuple[Hub, str], world: World) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id)) as viewer:
        for message in ("hello", "x" * 1024, b"\x00\xff"):
            await viewer.socket.send(message)
        await until(lambda: "heartbeat" in viewer.types())

        assert viewer.closed_with is None


@pytest.mark.parametrize("message", ["x" * 1025, b"x" * 1025, "x" * 1_000_000])
async def test_a_message_of_more_than_a_kibibyte_ends_the_socket(
    live: tuple[Hub, str], world: World, message: str | bytes
) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id)) as viewer:
        await viewer.socket.send(message)

        await until(lambda: viewer.closed_with)
        assert viewer.closed_with in (1009, 1006)  # 1006: the rest of a large message met a closed door


async def test_a_flood_of_messages_ends_the_socket(live: tuple[Hub, str], world: World) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id)) as viewer:
        for _ in range(11):
            await viewer.socket.send("x")

        await until(lambda: viewer.closed_with)
        assert viewer.closed_with == 1008


async def test_viewers_of_a_deleted_event_are_told_and_let_go(
    live: tuple[Hub, str], world: World, offer: dict[str, Any]
) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id), **offer) as viewer:
        await until(lambda: viewer.messages)

        await world.connection.execute("DELETE FROM seats")
        await world.connection.execute("DELETE FROM events")

        await until(lambda: viewer.closed_with)
        assert viewer.closed_with == 4404
        assert viewer.types()[-1] == "event_removed"
    assert (await refusal(live[1], venue.event_id)).response.status_code == 404


async def test_a_viewer_that_takes_nothing_delays_nobody_and_a_slow_one_starts_over(
    clean_database: str, redis_url: str, world: World, direct: bool
) -> None:
    venue = await world.event(seats=500)
    async with (
        live_map(
            clean_database,
            redis_url,
            direct=direct,
            send_buffer_bytes=4096,
            waiting_bytes=20_000,
            heal_interval_s=3600,
        ) as (hub, address),
        Viewer(url(address, venue.event_id)) as quick,
        slow_reader(address, venue.event_id) as slow,
    ):
        await until(lambda: quick.messages)
        version = 0
        late_s: list[float] = []

        async def round_of_updates() -> None:
            nonlocal version
            version += 1
            began_at = time.monotonic()
            for start in range(0, 500, 100):
                changes = [SeatChange(seat, "blocked", version) for seat in venue.seat_ids[start : start + 100]]
                hub.hear(SeatChanges(venue.event_id, changes))
                last_seat = venue.seat_ids[start + 99]
                await until(lambda last_seat=last_seat: quick.versions[last_seat] == version)  # type: ignore[misc]  # mypy does not follow defaults
            late_s.append(time.monotonic() - began_at)

        feed = hub.feeds()[0]
        # Far more than the slow one's buffers take.
        while version < 10:
            await round_of_updates()

        assert "resync" not in quick.types()
        assert feed.viewers == 2
        # T201: a measurement to look at, not to fail by.
        median_ms = sorted(late_s)[len(late_s) // 2] * 1000
        print(f"\n500 updates, with one stuck viewer: median {median_ms:.0f} ms")  # noqa: T201
        messages = await read_until(slow, lambda types: "resync" in types)
        place = messages.index("resync")
        assert messages[place + 1] == "snapshot"


async def test_a_viewer_that_takes_nothing_for_too_long_is_let_go_with_all_that_waits_for_it(
    clean_database: str, redis_url: str, world: World
) -> None:
    venue = await world.event(seats=500)
    async with (
        live_map(clean_database, redis_url, send_buffer_bytes=4096, send_timeout_s=0.3, heal_interval_s=3600) as (
            hub,
            address,
        ),
        slow_reader(address, venue.event_id) as slow,
    ):
        await until(lambda: hub.feeds() and hub.feeds()[0].viewers)
        feed, version = hub.feeds()[0], 0
        async with asyncio.timeout(30):
            while feed.viewers:
                version += 1
                hub.hear(everything_blocked(venue, version))
                await asyncio.sleep(0.005)

        # Dropped, not kept for as long as the viewer likes: only what the system's own buffers had still comes.
        loop, received = asyncio.get_running_loop(), 0
        async with asyncio.timeout(30):
            while chunk := await loop.sock_recv(slow, 65536):
                received += len(chunk)
        assert received < hub.limits.waiting_bytes


async def test_a_viewer_that_takes_nothing_is_let_go_by_any_server(
    clean_database: str, redis_url: str, world: World
) -> None:
    venue = await world.event(seats=500)
    async with (
        live_map(
            clean_database,
            redis_url,
            direct=False,
            send_buffer_bytes=4096,
            send_timeout_s=0.3,
            heal_interval_s=3600,
        ) as (hub, address),
        slow_reader(address, venue.event_id),
    ):
        await until(lambda: hub.feeds() and hub.feeds()[0].viewers)
        feed, version = hub.feeds()[0], 0
        async with asyncio.timeout(30):
            while feed.viewers:
                version += 1
                hub.hear(everything_blocked(venue, version))
                await asyncio.sleep(0.005)


async def test_what_waits_for_a_viewer_that_takes_nothing_is_bounded(
    clean_database: str, redis_url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await world.event(seats=500)
    wires: list[Wire] = []
    original = Wire.watch

    def watch(wire: Wire, **options: Any) -> None:
        wires.append(wire)
        original(wire, **options)

    monkeypatch.setattr(Wire, "watch", watch)
    async with (
        live_map(clean_database, redis_url, send_buffer_bytes=4096, heal_interval_s=3600) as (hub, address),
        slow_reader(address, venue.event_id),
    ):
        await until(lambda: wires)
        for version in range(1, 60):
            hub.hear(everything_blocked(venue, version))
            await asyncio.sleep(0.02)

        biggest = len(hub.feeds()[0].snapshot("plain", again=True).frames) + 500 * 120
        assert wires[0]._transport.get_write_buffer_size() <= hub.limits.waiting_bytes + biggest


async def test_when_the_service_stops_viewers_are_told_and_it_stops_quickly(
    clean_database: str, redis_url: str, world: World, direct: bool
) -> None:
    venue = await world.event(seats=1)
    async with AsyncExitStack() as viewers:
        async with live_map(clean_database, redis_url, direct=direct) as (_, address):
            watching = [await viewers.enter_async_context(Viewer(url(address, venue.event_id))) for _ in range(20)]
            await until(lambda: all(viewer.messages for viewer in watching))
            began_at = time.monotonic()
        assert time.monotonic() - began_at < 3

        await until(lambda: all(viewer.closed_with for viewer in watching))
        assert {viewer.closed_with for viewer in watching} == {1012}


async def test_three_hundred_viewers_see_a_change(clean_database: str, redis_url: str, world: World) -> None:
    venue = await world.event(seats=200)
    async with live_map(clean_database, redis_url, heal_interval_s=3600) as (hub, address), AsyncExitStack() as stack:
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        viewers = [await stack.enter_async_context(Viewer(url(address, venue.event_id))) for _ in range(300)]
        await until(lambda: all(viewer.messages for viewer in viewers))
        after_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        began_at = time.monotonic()
        hub.hear(news(venue, 0, "held", 1))
        await until(lambda: all(viewer.versions[venue.seat_ids[0]] == 1 for viewer in viewers))

        print(  # noqa: T201 - a measurement to look at, not to fail by
            f"\n300 viewers, client and server in one process: {(after_kb - before_kb) / 300:.0f} kB each,"
            f" all had the change after {(time.monotonic() - began_at) * 1000:.0f} ms"
        )
    assert hub.feeds() == [] or hub.feeds()[0].viewers == 0


@asynccontextmanager
async def slow_reader(address: str, event_id: int) -> AsyncIterator[socket.socket]:
    """A viewer that shakes hands, and then reads nothing unless asked to."""
    host, port = address.split(":")
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await loop.sock_connect(connection, (host, int(port)))
        await loop.sock_sendall(
            connection,
            f"GET /ws/events/{event_id} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode(),
        )
        yield connection


async def read_until(connection: socket.socket, done: Any) -> list[str]:
    """Read raw frames until `done(types of messages)`, and one message more."""
    loop = asyncio.get_running_loop()
    buffer = b""
    types: list[str] = []
    async with asyncio.timeout(30):
        while b"\r\n\r\n" not in buffer:
            buffer += await loop.sock_recv(connection, 65536)
        buffer = buffer.partition(b"\r\n\r\n")[2]
        while not done(types[:-1]):
            while (frame := _frame(buffer)) is None:
                buffer += await loop.sock_recv(connection, 65536)
            payload, buffer = frame
            if payload.startswith(b"{"):  # the rest are the server's pings
                types.append(json.loads(payload)["type"])
    return types


def _frame(buffer: bytes) -> tuple[bytes, bytes] | None:
    """The payload of the first (unmasked, whole) frame and the rest; `None` while it is incomplete (RFC 6455 §5.2)."""
    if len(buffer) < 10:
        return None
    length, start = buffer[1] & 127, 2
    if length == 126:
        length, start = int.from_bytes(buffer[2:4]), 4
    elif length == 127:
        length, start = int.from_bytes(buffer[2:10]), 10
    if len(buffer) < start + length:
        return None
    return buffer[start : start + length], buffer[start + length :]
