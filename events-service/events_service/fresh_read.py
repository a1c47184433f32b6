"""One read for many callers, none of whom gets an answer that is older than the question."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class FreshRead(Generic[Answer]):
    """Gives each caller the result of a `read` that began after the call; callers who wait for it share it.

    While one read is under way, those who come meanwhile wait for the next. So there is never more than one, and the
    more callers there are, the less each costs. What `read` raises is raised to all who share it.
    """

    def __init__(self, read: Callable[[], Awaitable[Answer]]) -> None:
        self._read = read
        self._under_way: asyncio.Task[Answer] | None = None
        self._next: asyncio.Task[Answer] | None = None

    async def __call__(self) -> Answer:
        """See the class."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._after(self._under_way))
            self._next.add_done_callback(_look_at)
        return await asyncio.shield(self._next)  # one caller who goes away does not take the answer from the others

    async def _after(self, earlier: "asyncio.Task[Answer] | None") -> Answer:
        if earlier is not None and not earlier.done():
            await asyncio.wait((earlier,))
        self._under_way, self._next = self._next, None
        return await self._read()


def _look_at(task: "asyncio.Task[Answer]") -> None:
    if not task.cancelled():
        task.exception()  # it has been raised to those who waited, if anybody still does
