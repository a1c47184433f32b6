"""The live map through real sockets, with too many viewers, and some that say too much or take too little."""

import asyncio
import resource
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest

from booking_service.live import Hub
from shared.chassis.wire import Wire
from shared.contracts.live_messages import SeatChange, SeatChanges
from tests.integration.booking.live_sockets import (
    everything_blocked,
    live_map,
    news,
    read_until,
    refusal,
    slow_reader,
    url,
)
from tests.support.live import Viewer, until
from tests.support.world import World


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
