"""Natural batching: what is waiting when somebody is free to work is worked on together.

No timer: a request that comes alone goes alone, at once. Under load the queue behind the work under way becomes the
next batch by itself, so that its price (a round trip, a statement, a commit) is shared by those who would have waited
anyway.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Generic, TypeVar

from shared.chassis.problems import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")


def _nobody_has_left() -> bool:
    return False


caller_has_left: ContextVar[Callable[[], bool]] = ContextVar("caller_has_left", default=_nobody_has_left)
"""Whether the client that is served in this context has gone away: then its work is not begun any more."""


class Batcher(Generic[Item, Result]):
    """Gives what is waiting to `work`, in the order in which it came.

    `work` returns one result for each item; what it raises is raised to all of the batch. Belongs to one event loop.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        lanes: int,
        most: int,
        most_waiting: int | None = None,
    ) -> None:
        """At most `lanes` batches are under way at once, each of at most `most` items.

        `most_waiting`: the next item is refused at once, since it would wait for longer than anybody wants to, and so
        would all after it. `None` where those who submit are few already.
        """
        self._work = work
        self._idle_lanes = lanes
        self._most = most
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[Item, asyncio.Future[Result], Callable[[], bool]]] = deque()
        self._busy: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def submit(self, item: Item) -> Result:
        """The result for `item`. Raises what `work` raises, and `Unavailable` when too many are waiting.

        Who is cancelled, or whose client has left (`caller_has_left`), before the work begins costs nothing.
        """
        if self._most_waiting is not None and len(self._waiting) >= self._most_waiting:
            raise Unavailable("Too many requests are waiting; this one was not begun. Try again.")
        loop = self._loop
        if loop is None:  # asking for it each time is a system call each time
            loop = self._loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, future, caller_has_left.get()))
        if self._idle_lanes:
            self._idle_lanes -= 1
            lane = loop.create_task(self._serve())
            self._busy.add(lane)  # the loop itself keeps no task alive
            lane.add_done_callback(self._busy.discard)
        return await future

    async def _serve(self) -> None:
        try:
            while batch := self._take():
                await self._run(batch)
        finally:
            self._idle_lanes += 1

    def _take(self) -> list[tuple[Item, "asyncio.Future[Result]"]]:
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        while self._waiting and len(batch) < self._most:
            item, future, has_left = self._waiting.popleft()
            if future.done():
                continue
            if has_left():
                future.set_exception(Unavailable("The client has left; its request was not begun."))
            else:
                batch.append((item, future))
        return batch

    async def _run(self, batch: Sequence[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error if isinstance(error, Exception) else Unavailable())
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
