"""`./frontrow check`: the checks that need no running system."""

import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from devstack.paths import ROOT, python_environment

# What mypy looks at; everything that is Python in this repository.
_PACKAGES = (
    "shared",
    "auth-service/auth_service",
    "events-service/events_service",
    "booking-service/booking_service",
    "devstack",
    "loadtest",
    "audit",
    "chaos",
    "pictures",
    "tests",
)
# A script without a suffix: named, because tools look for *.py.
_LAUNCHER = "frontrow"


def run(_arguments: Namespace) -> int:
    """Run all of them, also after a failure; 1 when one failed."""
    results = [_passes(name, command) for name, command in checks()]
    return 0 if all(results) else 1


def checks() -> list[tuple[str, Sequence[str]]]:
    """Each check's name and command."""
    python = (sys.executable, "-m")
    lint_imports = str(Path(sys.executable).with_name("lint-imports"))
    return [
        ("format", (*python, "ruff", "format", "--check", "--quiet", ".", _LAUNCHER)),
        ("lint", (*python, "ruff", "check", "--quiet", ".", _LAUNCHER)),
        ("types", (*python, "mypy", "--no-error-summary", *_PACKAGES)),
        ("types of the launcher", (*python, "mypy", "--no-error-summary", "--scripts-are-modules", _LAUNCHER)),
        ("import contracts", (lint_imports, "--no-cache")),
    ]


def _passes(name: str, command: Sequence[str]) -> bool:
    begun = time.monotonic()
    print(f"{name:24}", end="", flush=True)
    # S603: fixed programs of our virtual environment.
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=python_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{verdict:8}{time.monotonic() - begun:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0
