"""When holds end: so that their seats are free for everybody milliseconds later, not at the next full sweep."""

import asyncio
import heapq
import math
import time
from collections.abc import Callable

SLOT_S = 0.05
"""Ends this close together share one sweep."""
AFTER_S = 0.01
"""A sweep comes this much after the end, so that the database agrees that the hold has ended."""
HORIZON_S = 24 * 3600.0
"""Nothing is held longer; ends beyond are left to the regular sweep."""


class ExpirySchedule:
    """Ends of holds, as far as this instance knows them. Losing it costs promptness only.

    Bounded: at most one entry per slot of `SLOT_S`. Belongs to one event loop. `monotonic`: seconds of a clock that
    only goes forward.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._slots: list[int] = []
        self._known: set[int] = set()
        self._sooner = asyncio.Event()

    def note(self, ends_in_s: float) -> None:
        """A hold ends in this many seconds, by the database's clock. Never raises, never waits."""
        if not -HORIZON_S < ends_in_s < HORIZON_S:  # also refuses NaN
            return
        slot = math.ceil((self._now() + max(ends_in_s, 0.0) + AFTER_S) / SLOT_S)
        if slot not in self._known:
            self._known.add(slot)
            heapq.heappush(self._slots, slot)
            if self._slots[0] == slot:
                self._sooner.set()

    def take_due(self) -> bool:
        """Whether a hold has ended since the last call."""
        now = self._now()
        is_due = False
        while self._slots and self._slots[0] * SLOT_S <= now:
            self._known.remove(heapq.heappop(self._slots))
            is_due = True
        return is_due

    def due_in_s(self) -> float:
        """Seconds until the next noted end; infinity when none is known."""
        return max(self._slots[0] * SLOT_S - self._now(), 0.0) if self._slots else math.inf

    async def wait(self, at_most_s: float) -> None:
        """Wait until an end is due, but no longer than this."""
        deadline = self._now() + at_most_s
        while (left_s := min(self.due_in_s(), deadline - self._now())) > 0:
            self._sooner.clear()
            try:
                async with asyncio.timeout(left_s):
                    await self._sooner.wait()
            except TimeoutError:
                return
