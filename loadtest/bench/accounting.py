"""What work cost: CPU time of whole process trees, from /proc (Linux)."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class ProcessTimes:
    """One line of /proc/<pid>/stat: `own_s` of the process itself, `reaped_s` of its children that have ended."""

    parent: int
    own_s: float
    reaped_s: float


@dataclass(slots=True)
class Cost:
    """CPU seconds (user and system) by part, such as service, postgres, redis. Filled in at the end of a `metered`."""

    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def total_s(self) -> float:
        """Of all parts."""
        return sum(self.seconds.values())

    def us_per(self, operations: int) -> dict[str, float]:
        """Microseconds per operation by part, with their `total`; nothing for no operations."""
        if not operations:
            return {}
        parts = {part: seconds / operations * 1e6 for part, seconds in self.seconds.items()}
        return {**parts, "total": self.total_s / operations * 1e6}


@contextmanager
def metered(parts: Mapping[str, Sequence[int]]) -> Iterator[Cost]:
    """The CPU time that the processes of each part, with their descendants, use inside the `with`.

    A clock tick is 10 ms: what took less than a second in all is known to a few per cent at best. PostgreSQL's
    short-lived children count as well: the postmaster inherits their time when they end.
    """
    before = _usage(parts)
    cost = Cost()
    yield cost
    after = _usage(parts)
    cost.seconds = {part: max(0.0, after[part] - before[part]) for part in parts}


def _usage(parts: Mapping[str, Sequence[int]]) -> dict[str, float]:
    table = process_table()
    return {part: sum(tree_seconds(table, pid) for pid in pids) for part, pids in parts.items()}


def tree_seconds(table: Mapping[int, ProcessTimes], root: int) -> float:
    """CPU seconds of `root`, of its living descendants, and of those that have ended and were waited for."""
    children: dict[int, list[int]] = {}
    for pid, process in table.items():
        children.setdefault(process.parent, []).append(pid)
    seconds, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        if (times := table.get(pid)) is not None:
            seconds += times.own_s + times.reaped_s
        waiting += children.get(pid, [])
    return seconds


def process_table() -> dict[int, ProcessTimes]:
    """Every process of the machine that we can see."""
    table = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                table[int(name)] = parse_stat(Path("/proc", name, "stat").read_text())
            except OSError:
                continue  # it has ended since
    return table


def parse_stat(text: str) -> ProcessTimes:
    """The times in a line of /proc/<pid>/stat (proc(5))."""
    # The name in parentheses may itself hold spaces and parentheses: split after the last one.
    fields = text.rpartition(")")[2].split()
    user, system, reaped_user, reaped_system = (int(field) for field in fields[11:15])
    return ProcessTimes(
        parent=int(fields[1]),
        own_s=(user + system) / _TICKS_PER_S,
        reaped_s=(reaped_user + reaped_system) / _TICKS_PER_S,
    )
