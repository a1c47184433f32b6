"""How a run ends its people."""

import asyncio

from chaos.run import end_all


async def test_who_takes_the_first_request_to_end_for_something_else_is_asked_again() -> None:
    """aiohttp takes a cancellation for its own timeout when both are due at once; one customer shopped for ever."""
    deaf_once = asyncio.Event()

    async def shop() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if deaf_once.is_set():
                    raise
                deaf_once.set()

    task = asyncio.create_task(shop())
    await asyncio.sleep(0)

    await end_all([task])

    assert deaf_once.is_set()
    assert task.cancelled()
