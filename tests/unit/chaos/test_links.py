"""Links pass on everything, until they are told otherwise."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from chaos.proxy.frames import PostgresFrames, RedisFrames, acknowledges_commit, is_news
from chaos.proxy.link import Link, PostgresLink, RedisLink
from devstack.ports import free_port

COMMIT = b"C\x00\x00\x00\x0bCOMMIT\0"
READY = b"Z\x00\x00\x00\x05I"
NEWS = b"*4\r\n$8\r\npmessage\r\n$6\r\nlive:*\r\n$6\r\nlive:1\r\n$2\r\n{}\r\n"


def test_messages_of_postgres_are_found_in_any_pieces() -> None:
    frames = PostgresFrames()
    stream = READY + COMMIT + READY

    found = [frame for byte in stream for frame in frames.feed(bytes([byte]))]

    assert found == [READY, COMMIT, READY]
    assert [acknowledges_commit(frame) for frame in found] == [False, True, False]


@pytest.mark.parametrize("resp3", [False, True])
def test_messages_of_redis_are_found_in_any_pieces(resp3: bool) -> None:
    frames = RedisFrames()
    news = NEWS.replace(b"*4", b">4") if resp3 else NEWS
    others = [b"+OK\r\n", b":1\r\n", b"$-1\r\n", b"*2\r\n:1\r\n*1\r\n$2\r\nab\r\n"]

    found = [frame for byte in news + b"".join(others) for frame in frames.feed(bytes([byte]))]

    assert found == [news, *others]
    assert [is_news(frame) for frame in found] == [True, False, False, False, False]


@asynccontextmanager
async def _through(make: Callable[..., Link], says: bytes) -> AsyncIterator[tuple[Link, asyncio.StreamReader]]:
    """A connection through a link to a server that says one thing, whatever it is told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(says)
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, make("link", port=free_port(), server=lambda: ("127.0.0.1", port)) as link:
        reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
        writer.write(b"hello")
        yield link, reader
        writer.close()


@pytest.mark.parametrize(("make", "says"), [(Link, b"anything"), (PostgresLink, COMMIT), (RedisLink, NEWS)])
async def test_an_honest_link_passes_everything_on(make: Callable[..., Link], says: bytes) -> None:
    async with _through(make, says) as (_, reader):
        assert await reader.readexactly(len(says)) == says


async def test_an_acknowledgement_is_lost_and_the_connection_with_it() -> None:
    async with _through(lambda *a, **k: _armed(PostgresLink(*a, **k)), READY + COMMIT) as (link, reader):
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(len(READY + COMMIT))

        assert isinstance(link, PostgresLink)
        assert link.commits_cut == 1


def _armed(link: PostgresLink) -> PostgresLink:
    link.commits_to_cut = 1
    return link


async def test_news_is_lost_and_nothing_else() -> None:
    async with _through(lambda *a, **k: _deaf(RedisLink(*a, **k)), NEWS + b"+OK\r\n") as (_, reader):
        assert await reader.readexactly(5) == b"+OK\r\n"


def _deaf(link: RedisLink) -> RedisLink:
    link.loses_news = True
    return link


async def test_a_cut_link_resets_its_connections() -> None:
    async with _through(Link, b"x") as (link, reader):
        await reader.readexactly(1)

        assert link.cut() == 1
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
