"""One database, three ways in: asyncpg (booking) here, SQLAlchemy (auth, events) and psycopg2 (commands) in `engine`.

What all of them agree on is here too. Booking never loads SQLAlchemy: that was a fifth of its start.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from shared.settings import Environment, SharedSettings

# A statement that runs into one of these limits has met a fault, not a busy day; without them one stuck
# client could hold seat rows, and with them every buyer of those seats, for ever.
#
# No statement here is long enough to be worth compiling, and PostgreSQL believes that many are: it reckons with more
# rows than there are, and a path that is switched off (`KEY_LOOKUPS`) has a cost beyond any. A hold took 250 ms.
SESSION_SETTINGS: Mapping[str, str] = {
    "statement_timeout": "5000",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "15000",
    "timezone": "UTC",
    "jit": "off",
}

# What the planner believes of a table that was empty when it last looked: reading all of it is cheapest. With that
# belief a batch of fifty holds took 20 ms instead of 4. And it would plan anew for each list of ids, since it thinks of
# an unknown list as longer than most are: two thirds of what looking up sessions cost. So sessions that only look up
# rows by their keys say so.
KEY_LOOKUPS: Mapping[str, str] = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}

COMMAND_TIMEOUT_S = 6.0
"""How long a booking request waits for a server that does not even say that it gives up (`statement_timeout`)."""

CLOSE_TIMEOUT_S = 3.0
"""How long statements under way may take when a pool is closed; then their connections are cut."""


@asynccontextmanager
async def open_pool(
    settings: SharedSettings,
    *,
    application_name: str,
    prepare: "Callable[[asyncpg.Connection[asyncpg.Record]], Coroutine[Any, Any, None]] | None" = None,
) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """An asyncpg pool, closed at the end. Raises what asyncpg raises when the database cannot be reached.

    For statements that look up rows by their keys (`KEY_LOOKUPS`), in sessions that nobody changes but for `SET LOCAL`
    and, once, `prepare`.
    """
    pool: asyncpg.Pool[asyncpg.Record] = await asyncpg.create_pool(
        str(settings.database_url),
        min_size=2,
        max_size=settings.database_pool_size,
        timeout=5,
        command_timeout=COMMAND_TIMEOUT_S,
        server_settings={**SESSION_SETTINGS, **KEY_LOOKUPS, "application_name": application_name},
        # A connection that comes back is rolled back if need be; asking the server to forget a session's state as well
        # would be a round trip after each request, for state that nobody has made.
        reset=_nothing_to_reset,
        init=prepare,
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
