"""Searches that anybody may ask for, one after the other, each followed by as long a rest.

A search keeps the event loop for milliseconds, and needs no account. However many are asked for, half of the time is
left to those who hold and confirm.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.chassis.problems import Unavailable

Result = TypeVar("Result")

MOST_WAITING = 200
"""The next one is told 503 at once: he would wait for a second or longer, and so would all after him."""


class PacedSearches:
    """Belongs to one event loop."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._rested_at = 0.0

    async def run(self, search: Callable[[], Result]) -> Result:
        """What `search` returns or raises, when it is its turn. Raises `Unavailable` when too many are waiting."""
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many people are looking for seats at once. Try again.")
        self._waiting += 1
        try:
            async with self._turn:
                rest_s = self._rested_at - self._monotonic()
                if rest_s > 0:
                    await self._sleep(rest_s)
                begun_at = self._monotonic()
                try:
                    return search()
                finally:
                    ended_at = self._monotonic()
                    self._rested_at = ended_at + (ended_at - begun_at)
        finally:
            self._waiting -= 1
