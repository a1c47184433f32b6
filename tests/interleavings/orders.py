"""All orders of steps, one after the other, by trying the other choice at the last place that has one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import TypeVar

from tests.interleavings.scheduler import Choose
from tests.interleavings.stepping import Pilot

T = TypeVar("T")
Run = Callable[[Choose], Awaitable[T]]
"""Runs the operations from the beginning, on fresh seats."""
Path = list[tuple[int, list[str]]]
"""The choices of one run: which was taken, of which operations."""
IsLocal = Callable[[str], bool]
"""Whether a step can neither be seen nor hindered by the other operations, before its COMMIT."""


class NotRepeatable(AssertionError):
    """The same choices led somewhere else: the enumeration would not be complete."""


async def all_orders(run: Run[T], *, is_local: IsLocal = lambda step: False) -> AsyncIterator[T]:
    """Run every order of steps once.

    A local step changes places with its neighbours without anybody noticing, so it is taken at once, and orders that
    differ only in the place of local steps are run once (a persistent set of one, in the words of Godefroid's
    *Partial-Order Methods*, 1996).
    """
    wanted: Path = []
    while True:
        path: Path = []

        def choose(ready: Sequence[Pilot], *, wanted: Path = wanted, path: Path = path) -> Pilot:
            for pilot in ready:
                if is_local(pilot.next_step):
                    return pilot
            names = [pilot.name for pilot in ready]
            at, index = len(path), 0
            if at < len(wanted):
                index, expected = wanted[at]
                if names != expected:
                    raise NotRepeatable(f"choice {at}: {names} were ready, and {expected} the last time")
            path.append((index, names))
            return ready[index]

        yield await run(choose)
        while path and path[-1][0] + 1 == len(path[-1][1]):
            path.pop()
        if not path:
            return
        index, names = path.pop()
        wanted = [*path, (index + 1, names)]


def one_after_the_other(order: Sequence[str]) -> Choose:
    """Each operation as a whole, in this order."""

    def choose(ready: Sequence[Pilot]) -> Pilot:
        return min(ready, key=lambda pilot: order.index(pilot.name))

    return choose


def as_written(tokens: Sequence[str]) -> Choose:
    """The order of a schedule's text; what is not in it follows, operation by operation."""
    left = [token.rpartition(".")[0] for token in tokens]

    def choose(ready: Sequence[Pilot]) -> Pilot:
        waiting = {pilot.name: pilot for pilot in ready}
        while left:
            name = left.pop(0)
            if name in waiting:
                return waiting[name]
        return ready[0]

    return choose


def read(schedule: str) -> tuple[str, Sequence[str], Collection[str]]:
    """A schedule's situation, its tokens, and its operations in the order of their names' first appearance."""
    situation, _, steps = schedule.partition(":")
    tokens = steps.split()
    return situation.strip(), tokens, list(dict.fromkeys(token.rpartition(".")[0] for token in tokens))
