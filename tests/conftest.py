"""Fixtures that all tests share: real servers, a migrated database, and the rule about skips."""

import os
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache

import asyncpg
import psycopg2
import pytest
import redis.asyncio as redis

from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.support.world import World

NO_SKIPS = bool(os.environ.get("FRONTROW_NO_SKIPS"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With FRONTROW_NO_SKIPS=1 (as in CI) a skipped test is a failed one: what it needs must be installed there."""
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but skips are not allowed here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Redis, real ones, for the whole run. They survive `servers.kill(...)`: they are started again."""
    with Servers() as running:
        yield running


@pytest.fixture(autouse=True)
def servers_are_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test may kill a server and be done before it is back; the next one starts with all of them."""
    yield
    if "servers" in request.fixturenames:
        running: Servers = request.getfixturevalue("servers")
        for name in ("postgres", "redis"):
            running.wait_until_ready(name)


@pytest.fixture(scope="session")
def database_url(servers: Servers) -> str:
    """Address (libpq form) of a migrated database. What is in it is whatever tests left: see `clean_database`."""
    url = servers.database("tests")
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    """Address of the Redis server."""
    return servers.redis_url


@pytest.fixture
def clean_database(database_url: str) -> str:
    """The same address, with every table empty."""
    empty(database_url)
    return database_url


@pytest.fixture
async def connection(clean_database: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of the test's own, to look behind the scenes."""
    opened = await asyncpg.connect(clean_database)
    yield opened
    opened.terminate()


@pytest.fixture
async def gate(redis_url: str) -> AsyncIterator["redis.Redis"]:
    """A client of the empty Redis, to look behind the scenes."""
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def world(connection: "asyncpg.Connection[asyncpg.Record]") -> World:
    """Makes users, events and holds directly in the empty database."""
    return World(connection)


def empty(database_url: str) -> None:
    """Remove all rows. As a replica, since the ledger refuses that otherwise, even to its owner."""
    try:
        _truncate(_broom(database_url))
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        # A test has killed the server since.
        _broom.cache_clear()
        _truncate(_broom(database_url))


@cache
def _broom(database_url: str) -> "psycopg2.extensions.connection":
    # Kept: half of what emptying a database costs is the connection, and every test that uses one wants it empty.
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    return connection


def _truncate(connection: "psycopg2.extensions.connection") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        (tables,) = cursor.fetchone() or ("",)
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
