"""Before the service serves: the database is there, and would not lose what it has acknowledged."""

import asyncio

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.chassis.unavailable import is_database_outage
from shared.engine import assert_durable
from shared.settings import Environment

log = structlog.get_logger()

TRIES = 20
PAUSE_S = 0.5


async def wait_until_durable(
    engine: AsyncEngine, environment: Environment, *, tries: int = TRIES, pause_s: float = PAUSE_S
) -> None:
    """Wait for a database that is still starting. Raises `UnsafeDatabase`, and after `tries` what the driver raises."""
    for left in reversed(range(tries)):
        try:
            await assert_durable(engine, environment)
        except Exception as error:
            if left == 0 or not is_database_outage(error):
                raise
            log.info("database.awaited", error=type(error).__name__)
            await asyncio.sleep(pause_s)
        else:
            return
