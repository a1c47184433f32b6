"""Waiting for a condition, not for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[T]], *, within_s: float = 30.0, every_s: float = 0.02) -> T:
    """The first true value of `condition`, asked again and again; `within_s` is patience, not a promise."""
    deadline = time.monotonic() + within_s
    while True:
        value = await condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"still {value!r} after {within_s} s"
        await asyncio.sleep(every_s)
