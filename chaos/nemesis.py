"""Does the planned faults at their times, side by side where they overlap, and writes down what came of each."""

import asyncio
import time
from collections.abc import Callable, Sequence

from chaos.faults import Faults, Missed
from chaos.log import Write
from chaos.records import Fault
from chaos.schedule import Planned


async def torment(
    plan: Sequence[Planned], faults: Faults, *, began: float, write: Write, say: Callable[[str], None]
) -> None:
    """Returns when the last fault is over and everything that was stopped goes on. `began`: instant 0 of the plan."""
    try:
        async with asyncio.TaskGroup() as group:
            for planned in plan:
                await asyncio.sleep(max(0.0, began + planned.at_s - time.monotonic()))
                group.create_task(_one(planned, faults, write, say))
    finally:
        faults.let_go()


async def _one(planned: Planned, faults: Faults, write: Write, say: Callable[[str], None]) -> None:
    begin, missed, facts = time.monotonic(), "", ""
    try:
        facts = await faults.do(planned)
    except Missed as error:
        missed = str(error)
    write(Fault(planned.number, planned.kind, planned.target, begin, time.monotonic(), missed, facts, planned.skew_s))
    say(f"{planned}  {f'MISSED: {missed}' if missed else facts}".rstrip())
