"""`./frontrow test`: everything that says whether this checkout is right."""

import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile

from devstack.commands import check
from devstack.paths import ROOT, python_environment
from devstack.wanted import has_node, missing

PYTEST = (sys.executable, "-P", "-m", "pytest")
NEEDS_A_BROWSER = "needs_chromium"
"""Stands in the files of tests that open pages."""
BEFORE_PAGES = "tests/compose"
"""Makes network devices. When those of a machine change, Chromium gives up what it is loading (ERR_NETWORK_CHANGED)."""
AFTER_PAGES = "tests/interleavings"
"""So that both processes take about as long."""


def run(arguments: Namespace) -> int:
    """The checks, the front end's tests, pytest; each runs whatever the one before said. 1 when one failed."""
    environment = python_environment()
    if arguments.no_skips:
        environment["FRONTROW_NO_SKIPS"] = "1"
    for wanted in missing():
        print(f"{wanted.name} is not on this machine ({wanted.used_for}): {wanted.install}")
    results = []
    if not arguments.no_check:
        results.append(check.run(arguments) == 0)
    # Named tests are somebody's own choice.
    if arguments.others:
        results.append(_run([*PYTEST, *arguments.others], environment))
    else:
        results.append(_front_end(environment, must_run=arguments.no_skips))
        results.append(_everything(environment))
    return 0 if all(results) else 1


def _everything(environment: Mapping[str, str]) -> bool:
    """All of `tests/`, in two processes that use both cores: pages and some others beside the rest. They are told of at
    the end.
    """
    pages = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").glob("**/test_*.py"))
        if NEEDS_A_BROWSER in path.read_text(encoding="utf-8")
    ]
    one_after_another = [BEFORE_PAGES, *pages, AFTER_PAGES]
    with TemporaryFile() as told:
        # S603: our own interpreter and modules.
        beside = subprocess.Popen(  # noqa: S603
            [*PYTEST, "-o", "cache_dir=.pytest_cache/pages", *one_after_another],
            cwd=ROOT,
            env=environment,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        try:
            is_right = _run([*PYTEST, *(f"--ignore={path}" for path in one_after_another)], environment)
            is_right = beside.wait() == 0 and is_right
        finally:
            beside.terminate()
            beside.wait()
        told.seek(0)
        shutil.copyfileobj(told, sys.stdout.buffer)
    return is_right


def _front_end(environment: Mapping[str, str], *, must_run: bool) -> bool:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/frontend").glob("*.test.mjs"))
    if not files:
        return True
    if not has_node():
        print("The front end's tests were skipped: there is no Node.js 18 or newer.")
        return not must_run
    return _run([shutil.which("node") or "node", "--test", *files], environment)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    sys.stdout.flush()
    # S603: our own interpreter or node, with what the person typed.
    return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0  # noqa: S603
