"""The raw clients of the benchmark, against small servers: what they send, and how they read answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from loadtest.bench.generator.people import burst, connected, walk
from loadtest.bench.generator.sockets import Arrivals, open_all, report
from loadtest.bench.plans import Burst, Follow, Load, Person, Walk, Watch, request, request_head, with_body
from tests.support.patience import until

Answering = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answering) -> AsyncIterator[int]:
    """A server that hands each request, headers and body, to `answer`; its port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = next(
                    (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")), 0
                )
                await answer(head + await reader.readexactly(size), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def done(plan: Walk | Burst) -> Load:
    """What came of it, with all connections closed."""
    lanes = await connected(plan.people)
    load = await (walk(plan, lanes) if isinstance(plan, Walk) else burst(plan, lanes))
    for lane in lanes:
        lane.close()
    return load


def _answer(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\ncontent-length: %d\r\n\r\n%b" % (status.encode(), len(body), body)


async def test_a_person_sends_the_next_request_when_the_one_before_is_answered_in_however_many_pieces() -> None:
    asked = []

    async def in_pieces(given: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(given.split(b" ")[1])
        for byte in _answer("200 OK", b"{}"):
            writer.write(bytes([byte]))
            await writer.drain()

    async with serving(in_pieces) as port:
        plan = Walk([Person(port, [request("GET", f"/{n}") for n in range(3)])])
        load = await done(plan)

    assert asked == [b"/0", b"/1", b"/2"]
    assert load.groups[0].status == [200, 200, 200]
    assert load.groups[0].took_ms(200) == load.groups[0].took_ms()


async def test_what_follows_a_success_carries_what_the_answer_said() -> None:
    asked = []

    async def hold(given: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(given)
        taken = b"taken" in given
        writer.write(_answer("409 Conflict", b"{}") if taken else _answer("201 Created", b'{"hold_id":"abc","x":1}'))

    head = request_head("POST", "/confirm", headers="Content-Length: ")
    holds = [with_body(request_head("POST", "/hold"), body) for body in (b'"taken"', b'"free"')]
    async with serving(hold) as port:
        plan = Walk(
            [Person(port, holds, follow_head=head)],
            follow=Follow(marker=b'"hold_id":"', end=b'"', before=b'{"hold_id":"', after=b'"}'),
        )
        load = await done(plan)

    assert load.groups[0].status == [409, 201]
    assert load.followed.status == [201]
    assert asked[-1].endswith(b'Content-Length: 17\r\n\r\n{"hold_id":"abc"}')


async def test_a_person_who_asks_endlessly_stops_when_the_time_is_over() -> None:
    asked = []

    async def answer(given: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(given.split(b" ")[1])
        writer.write(_answer("200 OK", b"{}"))

    async with serving(answer) as port:
        load = await done(Walk([Person(port, [request("GET", "/1")], endlessly=True)], seconds=0.05))

    assert len(asked) == len(load.groups[0].status) > 1


async def test_a_burst_waits_for_everybody_before_the_next_instant() -> None:
    open_now = 0
    most = 0

    async def slowly(_given: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        writer.write(_answer("204 No Content", b""))

    async with serving(slowly) as port:
        plan = Burst([Person(port, [request("GET", "/")] * 4) for _ in range(5)])
        load = await done(plan)

    assert [len(group.status) for group in load.groups] == [5, 5, 5, 5]
    assert most <= 5


async def test_a_lost_connection_is_an_answer_of_its_own_and_ends_the_person() -> None:
    async def hang_up(_given: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with serving(hang_up) as port:
        plan = Walk([Person(port, [request("GET", "/")] * 3)])
        load = await done(plan)

    assert load.groups[0].status == [0]


async def test_sockets_count_frames_of_every_length_and_know_when_the_last_of_them_got_one() -> None:
    small, long = b"s" * 20, b"l" * 300

    async def watch(_given: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: frontrow.v1\r\n\r\n")
        writer.write(b"\x81\x14" + small + b"\x81\x7e" + len(long).to_bytes(2, "big") + long)
        huge = b"h" * 70_000
        writer.write(b"\x82\x7f" + len(huge).to_bytes(8, "big") + huge)
        writer.write(b"\x81\x14" + small)

    async with serving(watch) as port:
        arrivals = Arrivals()
        transports, subprotocol = await open_all(Watch([(port, "/ws")] * 3, subprotocol="frontrow.v1"), arrivals)

        async def all_came() -> bool:
            return arrivals.frames == 12

        await until(all_came)
        watched = report(arrivals, transports, subprotocol)
        for transport in transports:
            transport.close()

    assert subprotocol == "frontrow.v1"
    assert watched.frames == 12
    assert watched.bytes == 3 * (20 + 300 + 70_000 + 20)
    assert {heard.payload: heard.sockets for heard in watched.heard} == {small: 6, long: 3}
