"""Tasks that work beside the requests, as long as the service lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

log = structlog.get_logger()

PAUSE_S = 1.0
"""Between a failure that nobody expected and the next try."""


@asynccontextmanager
async def running(name: str, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run `work` (which should not return) until the block ends; start it again if it raises."""
    task = asyncio.create_task(_keep_up(name, work), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_up(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("background.failed", task=name)
        await asyncio.sleep(PAUSE_S)
