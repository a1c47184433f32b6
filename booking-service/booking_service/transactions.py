"""The unit of work of every write: one transaction, its idempotency key inside, its news announced after COMMIT."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import asyncpg

from booking_service.answers import Outcome, refusal
from booking_service.failpoints import Reach, pass_by
from booking_service.idempotency import claim, keep
from shared.chassis.idempotency import RequestKey
from shared.chassis.problems import Problem, Unavailable
from shared.contracts.live_messages import SeatChanges

Connection = asyncpg.pool.PoolConnectionProxy
"""A connection of the pool, inside a transaction."""

Work = Callable[["Connection[asyncpg.Record]"], Awaitable[Outcome]]
"""The steps of one write. Raises a `Problem` to refuse; then whatever it did is undone."""

MAX_TRIES = 3
"""Deadlocks should not happen (one lock order everywhere); if one does, its loser starts over this often."""


class Announcer(Protocol):
    """Takes the news of committed changes."""

    def announce(self, changes: SeatChanges) -> None:
        """Tell every viewer, on every instance. Never raises, never waits."""
        ...


class Writer:
    """Runs writes."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        announcer: Announcer,
        *,
        pool_wait_s: float,
        reach: Reach = pass_by,
    ) -> None:
        self._pool = pool
        self._pool_wait_s = pool_wait_s
        self.announcer = announcer
        self.reach = reach

    async def write(self, work: Work, *, operation: str, key: RequestKey | None, instance: str) -> Outcome:
        """Do `work` in one transaction and announce its changes after COMMIT.

        With a `key`, work happens at most once: a repeated key gets the first answer (`answer.replayed`), refusals
        included. Without one, a refusal is raised as the `Problem` that it is. Anything else that is raised leaves open
        whether the work happened, unless the database never got to COMMIT; the caller's retry with the same key tells.
        `operation` is its name for failpoints, `instance` the path of the request, for stored problems.
        """
        for _ in range(MAX_TRIES):
            try:
                outcome = await self._try(work, operation, key, instance)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                continue
            await self.reach(operation, "after_commit")
            if outcome.changes is not None:
                self.announcer.announce(outcome.changes)
            return outcome
        raise Unavailable("Too many requests for the same seats at once; nothing was changed. Try again.")

    def connection(self) -> "AbstractAsyncContextManager[Connection[asyncpg.Record]]":
        """A connection of the pool; waits for one no longer than `pool_wait_s`."""
        return self._pool.acquire(timeout=self._pool_wait_s)

    async def _try(self, work: Work, operation: str, key: RequestKey | None, instance: str) -> Outcome:
        async with self.connection() as connection, connection.transaction():
            if key is None:
                return await work(connection)
            earlier = await claim(connection, key)
            if earlier is not None:
                return Outcome(earlier)
            await self.reach(operation, "after_claim")
            try:
                async with connection.transaction():  # a savepoint: a refusal undoes the work, not the key
                    outcome = await work(connection)
            except Problem as problem:
                outcome = Outcome(refusal(problem, instance))
            await keep(connection, [(key, outcome.answer)])
            await self.reach(operation, "before_commit")
            return outcome
