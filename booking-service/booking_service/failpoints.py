"""Named places at which a test can make this process fail.

Off unless `FAILPOINTS` says otherwise, which production refuses. `hold.after_commit:kill,confirm.before_commit:drop`:
each entry happens once, the first time that its place is reached. Actions: `kill` (SIGKILL to this process), `stop`
(SIGSTOP, until somebody sends SIGCONT), `raise` (an exception that nobody expects), `drop` (PostgreSQL ends all
connections of this process).
"""

import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import structlog

log = structlog.get_logger()

Reach = Callable[[str, str], Awaitable[None]]
"""Called with an operation and its step, at each of `PLACES`."""

PLACES: Mapping[str, Sequence[str]] = {
    "hold": (
        "before_gate",
        "after_gate",
        "after_claim",
        "before_commit",
        "after_commit",
        "before_keep",
        "before_answer",
    ),
    "extend": ("after_claim", "before_commit", "after_commit", "before_keep", "before_answer"),
    "release": ("after_claim", "before_commit", "after_commit", "before_leave", "before_answer"),
    "confirm": ("after_claim", "before_commit", "after_commit", "before_leave", "before_answer"),
    "cancel": ("after_claim", "before_commit", "after_commit", "before_answer"),
    "admit": ("after_claim", "before_commit", "after_commit", "before_answer"),
    "expire": ("before_sweep", "after_sweep"),
    "publish": ("before_send", "after_send"),
}
"""In the order in which they are reached. `after_claim`: the idempotency key is ours. `after_commit`: nobody has been
told yet. `before_keep`, `before_leave`: the gate is still as it was for the request on its way."""

ACTIONS = ("kill", "stop", "raise", "drop")


async def pass_by(_operation: str, _step: str) -> None:
    """There are no failpoints."""


class FailpointReached(Exception):
    """The action `raise`: something that nobody has thought of."""


@dataclass(frozen=True, slots=True)
class Failpoint:
    """What happens where."""

    operation: str
    step: str
    action: str

    def __str__(self) -> str:
        return f"{self.operation}.{self.step}:{self.action}"


def parse(text: str) -> tuple[Failpoint, ...]:
    """The failpoints of a comma separated list. Raises `ValueError` for one that there is not."""
    return tuple(_failpoint(entry.strip()) for entry in text.split(",") if entry.strip())


def armed(failpoints: Sequence[Failpoint], *, database_url: str, application_name: str) -> Reach:
    """Lets `failpoints` happen; with none, `pass_by`.

    `application_name` is that of this process's connections, and of nobody else's.
    """
    if not failpoints:
        return pass_by
    waiting = list(failpoints)
    log.warning("failpoints.armed", failpoints=[str(failpoint) for failpoint in waiting])

    async def reach(operation: str, step: str) -> None:
        for failpoint in waiting:
            if (failpoint.operation, failpoint.step) == (operation, step):
                waiting.remove(failpoint)
                log.warning("failpoint.reached", failpoint=str(failpoint))
                await _act(failpoint, database_url, application_name)
                return

    return reach


async def _act(failpoint: Failpoint, database_url: str, application_name: str) -> None:
    match failpoint.action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "raise":
            raise FailpointReached(str(failpoint))
        case "drop":
            connection = await asyncpg.connect(database_url)
            try:
                await connection.fetch(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1",
                    application_name,
                )
            finally:
                connection.terminate()


def _failpoint(entry: str) -> Failpoint:
    place, _, action = entry.partition(":")
    operation, _, step = place.partition(".")
    if step not in PLACES.get(operation, ()) or action not in ACTIONS:
        raise ValueError(f"there is no failpoint {entry!r}")
    return Failpoint(operation, step, action)
