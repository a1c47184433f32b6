"""Looking at other processes: who is it, is it still the same one, does it work in our folder, end it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LINUX = sys.platform == "linux"


def started_at(pid: int) -> str | None:
    """An opaque mark of when `pid` started, or None when no such process lives.

    A pid alone is no identity: the system gives it to another program later. Pid and mark together are.
    A zombie (ended, not yet reaped) counts as gone.
    """
    if LINUX:
        try:
            # The name in parentheses may itself hold spaces and parentheses: split after the last one.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    # S603, S607: a fixed program and a number.
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607
    return answer.stdout.strip() or None


def command_of(pid: int) -> str:
    """The command line of `pid`, shortened for a message; empty when it cannot be seen."""
    if LINUX:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return ""
        text = b" ".join(words).decode(errors="replace").strip()
    else:
        # S603, S607: a fixed program and a number.
        text = subprocess.run(  # noqa: S603
            ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607
            capture_output=True,
            text=True,
        ).stdout.strip()
    return text if len(text) <= 100 else text[:99] + "…"


def working_in(folder: Path) -> Iterator[int]:
    """The processes whose working folder is `folder`; none on systems without /proc."""
    wanted = str(folder.resolve())
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if os.readlink(link) == wanted:
                yield int(link.parts[2])
        except OSError:
            continue


def wait_until_nobody_works_in(folder: Path, *, timeout_s: float = 15) -> list[int]:
    """Wait for the last process that works in `folder`; returns those still there at the end."""
    deadline = time.monotonic() + timeout_s
    while (left := list(working_in(folder))) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def end(pid: int, mark: str | None, *, using: signal.Signals = signal.SIGTERM, patience_s: float = 10) -> None:
    """End the process `pid` that started at `mark`: ask with `using`, and kill after `patience_s`.

    Does nothing when that process is gone, or when its pid now belongs to another one.
    """
    for request, patience in ((using, patience_s), (signal.SIGKILL, 5.0)):
        if mark is None or started_at(pid) != mark:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, request)
        deadline = time.monotonic() + patience
        while started_at(pid) == mark and time.monotonic() < deadline:
            time.sleep(0.02)
