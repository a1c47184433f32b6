"""One database, three ways in: SQLAlchemy sessions (auth, events), asyncpg (booking), psycopg2 (commands)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from shared.settings import Environment, SharedSettings

# A statement that runs into one of these has met a fault, not a busy day; without them one stuck
# client could hold seat rows, and with them every buyer of those seats, for ever.
SESSION_LIMITS: Mapping[str, str] = {
    "statement_timeout": "5000",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "15000",
    "timezone": "UTC",
}

# What the planner believes of a table that was empty when it last looked: reading all of it is cheapest. With that
# belief a batch of fifty holds took 20 ms instead of 4, so sessions that only look up rows by their keys say so.
KEY_LOOKUPS: Mapping[str, str] = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}

COMMAND_TIMEOUT_S = 6.0
"""How long a booking request waits for a server that does not even say that it gives up (`statement_timeout`)."""

CLOSE_TIMEOUT_S = 3.0
"""How long statements under way may take when a pool is closed; then their connections are cut."""


def sqlalchemy_url(database_url: object, *, driver: str) -> str:
    """`database_url` (libpq form) for SQLAlchemy with `driver`, for example ``asyncpg`` or ``psycopg2``."""
    return make_url(str(database_url)).set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)


def create_engine(settings: SharedSettings, *, application_name: str) -> AsyncEngine:
    """An engine for short transactions. Nothing connects until it is used."""
    return create_async_engine(
        sqlalchemy_url(settings.database_url, driver="asyncpg"),
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_pool_wait_s,
        pool_pre_ping=True,
        connect_args={
            "server_settings": {**SESSION_LIMITS, "application_name": application_name},
            "timeout": 5,
        },
    )


def create_session_factory(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after commit, since answers are built after it."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def open_pool(
    settings: SharedSettings, *, application_name: str
) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """An asyncpg pool, closed at the end. Raises what asyncpg raises when the database cannot be reached.

    For statements that look up rows by their keys (`KEY_LOOKUPS`), in sessions that nobody changes but for `SET LOCAL`.
    """
    pool: asyncpg.Pool[asyncpg.Record] = await asyncpg.create_pool(
        str(settings.database_url),
        min_size=2,
        max_size=settings.database_pool_size,
        timeout=5,
        command_timeout=COMMAND_TIMEOUT_S,
        server_settings={**SESSION_LIMITS, **KEY_LOOKUPS, "application_name": application_name},
        # A connection that comes back is rolled back if need be; asking the server to forget a session's state as well
        # would be a round trip after each request, for state that nobody has made.
        reset=_nothing_to_reset,
        max_queries=10**9,  # and not a new connection, with all statements to be planned again, every 50,000 of them
    )
    try:
        yield pool
    finally:
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await pool.close()
        except TimeoutError:
            pool.terminate()


async def _nothing_to_reset(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """See `open_pool`."""


class UnsafeDatabase(RuntimeError):
    """The database is set up to lose what it has acknowledged."""


def refuse_unsafe_settings(shown: Mapping[str, Any], environment: Environment) -> None:
    """Raise `UnsafeDatabase` when acknowledged commits could be lost in a crash.

    `synchronous_commit=off` loses them when only the server process dies, so no environment may use it. `fsync=off`
    loses them when the machine dies; tests may use that, to be quick.
    """
    needed = {"synchronous_commit": {"on", "remote_apply", "remote_write", "local"}}
    if environment is not Environment.TEST:
        needed |= {"fsync": {"on"}, "full_page_writes": {"on"}}
    wrong = {name: shown[name] for name, allowed in needed.items() if shown[name] not in allowed}
    if wrong:
        raise UnsafeDatabase(f"PostgreSQL would lose confirmed bookings in a crash: {wrong}")


DURABILITY_SETTINGS = (
    "SELECT current_setting('synchronous_commit') AS synchronous_commit, "
    "current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes"
)


async def assert_durable(engine: AsyncEngine, environment: Environment) -> None:
    """Ask the server behind `engine`; raises `UnsafeDatabase`."""
    async with engine.connect() as connection:
        shown = (await connection.execute(text(DURABILITY_SETTINGS))).mappings().one()
    refuse_unsafe_settings(dict(shown), environment)
