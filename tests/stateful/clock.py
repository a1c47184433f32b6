"""A clock that stands still until it is moved, for PostgreSQL and for the gates in Redis."""

from datetime import UTC, datetime, timedelta

import asyncpg
import redis.asyncio as redis

from shared.contracts.redis_keys import SEAT_LOCK_PREFIX

BEGAN_AT = datetime(2030, 1, 1, 12, tzinfo=UTC)

# Every connection to this database looks here before it looks at PostgreSQL's own, whoever opens it: the services, the
# trigger and the auditor go by this clock. A sequence, because its value is no part of any transaction: when the clock
# is moved, it is moved for everybody. Defaults of columns were bound when the tables were made, and keep the real time.
CLOCK = f"""
    CREATE SCHEMA clock;
    CREATE SEQUENCE clock.ahead_s MINVALUE 0 START 0;
    CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT timestamptz '{BEGAN_AT.isoformat()}' + make_interval(secs => (SELECT last_value FROM clock.ahead_s))
    $$;
    CREATE FUNCTION clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        'SELECT clock.clock_timestamp()';
    CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock.clock_timestamp()';
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = clock, pg_catalog, public', current_database());
    END $$;
"""
_SET = "SELECT setval('clock.ahead_s', $1)"
_READ = "SELECT last_value FROM clock.ahead_s"
# No more than nothing left: PEXPIRE deletes the key then, as its end would have done.
_AGE_GATES = """
    for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
        local left_ms = redis.call('PTTL', key)
        if left_ms > 0 then
            redis.call('PEXPIRE', key, left_ms - ARGV[2])
        end
    end
"""


async def install(database_url: str) -> None:
    """Give a migrated database the clock. Connections from now on go by it; those that are open do not."""
    connection = await asyncpg.connect(database_url)
    try:
        if await connection.fetchval("SELECT to_regclass('clock.ahead_s') IS NULL"):
            await connection.execute(CLOCK)
    finally:
        await connection.close()


class Clock:
    """Moves the time of a database that has the clock, and with it that of the gates."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", gates: "redis.Redis") -> None:
        self._connection = connection
        self._gates = gates

    async def now_s(self) -> int:
        """Seconds since `BEGAN_AT`."""
        now_s: int = await self._connection.fetchval(_READ)
        return now_s

    async def set_database(self, now_s: int) -> None:
        """Move the database's clock alone."""
        await self._connection.fetchval(_SET, now_s)

    async def advance(self, seconds: int) -> None:
        """Let time pass."""
        await self.set_database(await self.now_s() + seconds)
        await self._gates.eval(_AGE_GATES, 0, SEAT_LOCK_PREFIX, seconds * 1000)


def rfc3339(now_s: int) -> str:
    """Seconds since `BEGAN_AT` in RFC 3339."""
    return (BEGAN_AT + timedelta(seconds=now_s)).isoformat()


def seconds(instant: str) -> int:
    """An RFC 3339 instant of an answer as seconds since `BEGAN_AT`. Raises `ValueError` for a fraction of one."""
    since = (datetime.fromisoformat(instant) - BEGAN_AT).total_seconds()
    if not since.is_integer():
        raise ValueError(f"{instant} is not of the clock that stands still")
    return int(since)
