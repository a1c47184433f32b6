"""When to send: at once when nothing was sent lately, else together with what else comes within a window of time.

A lone update does not wait for anybody (leading edge). In a rush a viewer gets one frame per window with all changes in
it: a frame costs the same with one change in it or thirty, so the number of frames is the whole price.
"""

import asyncio
import time
from collections.abc import Callable

Later = Callable[[float, Callable[[], None]], object]
"""Calls back after so many seconds; 0: in the next turn of the event loop."""


def loop_later(delay_s: float, callback: Callable[[], None]) -> object:
    """`Later`, by the running event loop."""
    return asyncio.get_running_loop().call_later(delay_s, callback)


class Window:
    """Calls `flush` some time after it is asked to: in the next turn, or when `window_s` has passed since the last.

    The caller says when what `flush` began is `done`. If that took long, because there are many viewers, the next
    waits as long again: showing takes half of the process's time at most, the rest is for those who buy.
    """

    def __init__(
        self,
        flush: Callable[[], None],
        *,
        window_s: float,
        later: Later = loop_later,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._flush = flush
        self._window_s = window_s
        self._later = later
        self._now = monotonic
        self._began_at = 0.0
        self._next_at = 0.0
        self._is_asked = False
        self._is_busy = False

    def ask(self) -> None:
        """There is something to send. Asking again before it is sent changes nothing."""
        if not self._is_asked:
            self._is_asked = True
            if not self._is_busy:
                self._set_out()

    def done(self) -> None:
        """What the last flush began is done."""
        now = self._now()
        self._next_at = max(self._began_at + self._window_s, now + (now - self._began_at))
        self._is_busy = False
        if self._is_asked:
            self._set_out()

    def _set_out(self) -> None:
        self._later(max(0.0, self._next_at - self._now()), self._go)

    def _go(self) -> None:
        self._is_asked, self._is_busy = False, True
        self._began_at = self._now()
        self._flush()
