"""Running other programs: one place, so that one place decides what happens when they fail."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class CommandFailed(RuntimeError):
    """A program ended badly; the message holds the end of what it said."""


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    given: str | None = None,
    timeout_s: float = 600,
) -> str:
    """Standard output of `command`. `environment` None: ours. Raises `CommandFailed`."""
    finished = subprocess.run(  # noqa: S603 - no shell, and every argument is our own
        [str(part) for part in command],
        env=environment,
        cwd=folder,
        input=given,
        stdin=None if given is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    if finished.returncode != 0:
        said = (finished.stdout + finished.stderr)[-6000:]
        raise CommandFailed(f"{' '.join(map(str, command))} ended with {finished.returncode}:\n{said}")
    return finished.stdout
