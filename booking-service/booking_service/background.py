"""Tasks that work beside the requests, as long as the service lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

log = structlog.get_logger()

PAUSE_S = 1.0
"""Between a failure that nobody expected and the next try."""

CANCEL_AGAIN_S = 0.2
"""How long a task has to end after it was cancelled, before it is cancelled again."""


@asynccontextmanager
async def running(name: str, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run `work` (which should not return) until the block ends; start it again if it raises."""
    task = asyncio.create_task(_keep_up(name, work), name=name)
    try:
        yield
    finally:
        # Once is not enough: a library that is cancelled in the middle of connecting (redis-py 8) may turn that into a
        # time-out, and the task goes on. It was seen to keep a service from stopping, in one start of ten.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=CANCEL_AGAIN_S)


async def _keep_up(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("background.failed", task=name)
        await asyncio.sleep(PAUSE_S)
