"""Hashing and checking passwords with bcrypt, without letting it stop anything else.

A hash is a quarter of a second of one core. On the event loop a single log-in would freeze everybody; in an unbounded
pool a crowd would pile up behind threads until all of them time out. So: a few threads, a short queue, and 503 at once
for whoever does not fit.
"""

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from shared.chassis.problems import Unavailable

MAX_PASSWORD_BYTES = 72
"""Where bcrypt ends. Longer ones are refused, since cutting them would let a part of a password pass for it."""
MAX_THREADS = 2
RETRY_AFTER_S = 3
_BCRYPT_HASH = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_NICENESS = 5

_Result = TypeVar("_Result")


class PasswordsBusy(Unavailable):
    """So many people are signing in that this one would wait too long. Nothing was done."""

    slug, title = "sign-in-busy", "Too many people are signing in"

    def __init__(self) -> None:
        super().__init__("Nothing was done. Try again in a moment.", retry_after=RETRY_AFTER_S)


class Passwords:
    """Hashes and checks; each call raises `PasswordsBusy` when all threads are taken and the queue is full."""

    def __init__(self, *, cost: int, queue: int) -> None:
        """`cost`: bcrypt's, a power of two. `queue`: how many calls may wait for a thread."""
        threads = min(MAX_THREADS, os.cpu_count() or 1)
        self._cost = cost
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="passwords", initializer=_yield_to_others)
        self._places = threading.BoundedSemaphore(threads + queue)
        # Nobody's hash: no password leads to a digest of dots. Checking against it takes the time of a real one.
        self._nobodys_hash = bcrypt.gensalt(cost) + b"." * 31

    def close(self) -> None:
        """Give up what still waits, and end the threads."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """The hash to store. `password` has at most `MAX_PASSWORD_BYTES` in UTF-8; raises `ValueError` otherwise."""
        hashed = await self._run(lambda: bcrypt.hashpw(password.encode(), bcrypt.gensalt(self._cost)))
        return hashed.decode()

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one behind the hash `stored`; `None` (nobody has it) takes as long as somebody."""
        known = stored is not None and _BCRYPT_HASH.fullmatch(stored)
        hashed = stored.encode() if stored is not None and known else self._nobodys_hash
        return await self._run(lambda: bcrypt.checkpw(password.encode(), hashed))

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with another cost than today's."""
        match = _BCRYPT_HASH.fullmatch(stored)
        return match is None or int(match[1]) != self._cost

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if not self._places.acquire(blocking=False):
            raise PasswordsBusy
        future = self._executor.submit(work)
        # Counted until the thread is done with it, not until the caller is: callers that give up must not make room.
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _yield_to_others() -> None:
    """Let the event loops of all services go first, on the one system where threads have a priority of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
