"""Lets operations go on one step at a time, in an order that somebody else chooses.

An operation whose statement waits for a lock is *parked*. PostgreSQL says so (`pg_blocking_pids`), not a time-out; the
others go on, and the parked one is running again by itself as soon as it has its lock.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from tests.interleavings.stepping import Pilot, State

Work = Callable[[], Awaitable[object]]
Choose = Callable[[Sequence[Pilot]], Pilot]
"""Which of those that are ready goes on."""

PATIENCE_S = 0.001
"""Statements that take longer than this are looked for in the lock table. Only a matter of speed."""
STUCK_S = 20.0

_WAITING = "SELECT pid FROM unnest($1::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) > 0"


class Stuck(AssertionError):
    """Nothing moves: a deadlock that PostgreSQL did not see, or a fault of the scheduler."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of a schedule as it went. `parked`: it had to wait for a lock."""

    operation: str
    number: int
    step: str
    parked: bool

    def __str__(self) -> str:
        return f"{self.operation}.{self.number}"


class Scheduler:
    """Runs operations against each other. `pids`: the backend of each operation's connection."""

    def __init__(self, control: "asyncpg.Connection[asyncpg.Record]", pids: Mapping[str, int]) -> None:
        self._control = control
        self._pids = pids
        self._changed = asyncio.Event()

    def pilot(self, name: str) -> Pilot:
        """The pilot for an operation of the next `run`."""
        return Pilot(name, self._changed)

    async def run(self, operations: Mapping[Pilot, Work], choose: Choose) -> tuple[list[Taken], dict[str, object]]:
        """Run all to their ends; returns the steps in the order they were begun, and what each operation returned or
        raised."""
        tasks = {pilot: asyncio.create_task(_fly(pilot, work), name=pilot.name) for pilot, work in operations.items()}
        taken: list[Taken] = []
        try:
            async with asyncio.timeout(STUCK_S):
                parked = await self._settle(list(tasks), set())
                while ready := [pilot for pilot in tasks if pilot.state is State.READY]:
                    pilot = choose(ready)
                    pilot.go()
                    parked = await self._settle(list(tasks), parked, moved=pilot)
                    taken.append(Taken(pilot.name, len(pilot.steps), pilot.steps[-1], pilot in parked))
                return taken, {pilot.name: await task for pilot, task in tasks.items()}
        except TimeoutError:
            where = {pilot.name: (pilot.state.name, pilot.steps) for pilot in tasks}
            raise Stuck(f"nothing moves any more after {' '.join(map(str, taken))}: {where}") from None
        finally:
            for task in tasks.values():
                task.cancel()

    async def _settle(self, pilots: Sequence[Pilot], parked: set[Pilot], moved: Pilot | None = None) -> set[Pilot]:
        """Wait until nobody moves any more; returns who is parked.

        Seen twice in a row: PostgreSQL looks at one backend after the other, so that a single look may catch two in the
        middle of handing a lock over.
        """
        self._changed.clear()
        seen_before: set[Pilot] = set()
        while running := {pilot for pilot in pilots if pilot.state is State.RUNNING}:
            if moved is not None and moved not in running and not moved.frees_locks and running <= parked:
                return running  # who was parked still is: nobody has let go of anything
            if running != seen_before:
                await self._wait_a_moment()
            waiting = set() if self._changed.is_set() else await self._waiting(running)
            if self._changed.is_set() or waiting != running:
                self._changed.clear()
                seen_before = set()
            elif waiting == seen_before and any(pilot.state is State.READY for pilot in pilots):
                return waiting
            else:
                seen_before = waiting  # if all wait for each other, PostgreSQL ends it soon (deadlock_timeout)
        return set()

    async def _wait_a_moment(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _waiting(self, pilots: set[Pilot]) -> set[Pilot]:
        rows = await self._control.fetch(_WAITING, [self._pids[pilot.name] for pilot in pilots])
        pids = {row["pid"] for row in rows}
        return {pilot for pilot in pilots if self._pids[pilot.name] in pids}


async def _fly(pilot: Pilot, work: Work) -> object:
    try:
        return await work()
    except Exception as error:  # noqa: BLE001 RUF100 - what an operation raises is its answer
        return error
    finally:
        pilot.finish()
