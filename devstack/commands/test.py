"""`./frontrow test`: everything that says whether this checkout is right."""

import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Self

from devstack.commands import check
from devstack.paths import ROOT, python_environment
from devstack.wanted import has_node, missing

PYTEST = (sys.executable, "-P", "-m", "pytest")
NEEDS_A_BROWSER = "needs_chromium"
"""Stands in the files of tests that open pages."""
BEFORE_PAGES = "tests/compose"
"""Makes network devices. When those of a machine change, Chromium gives up what it is loading (ERR_NETWORK_CHANGED)."""
THE_LONGEST = "tests/e2e/test_accessibility.py"
"""A third of what all pages cost: by themselves, when the rest is done."""
OF_PROCESSES = ("tests/loadtest", "tests/failpoints", "tests/devstack", "tests/chaos", "tests/interleavings")
"""Wait half of their time: for programs to start, for disks, for holds to end."""


def run(arguments: Namespace) -> int:
    """The checks, the front end's tests, pytest; each runs whatever the others say. 1 when one failed."""
    environment = python_environment()
    if arguments.no_skips:
        environment["FRONTROW_NO_SKIPS"] = "1"
    for wanted in missing():
        print(f"{wanted.name} is not on this machine ({wanted.used_for}): {wanted.install}")
    # Named tests are somebody's own choice.
    results = _named(arguments, environment) if arguments.others else _everything(arguments, environment)
    return 0 if all(results) else 1


def _named(arguments: Namespace, environment: Mapping[str, str]) -> list[bool]:
    return [_checks(arguments), _run([*PYTEST, *arguments.others], environment)]


def _everything(arguments: Namespace, environment: Mapping[str, str]) -> list[bool]:
    """The checks, the front end's tests, and all of `tests/`. Up to three processes at a time keep two cores busy, as
    each waits now and then. The rest is shown as it goes; the others are told of at the end.
    """
    others = [BEFORE_PAGES, *OF_PROCESSES, *(pages := _pages()), THE_LONGEST]
    with ExitStack() as stack:

        def begin(*words: str, name: str, is_shown: bool = False) -> _Pytest:
            return stack.enter_context(_Pytest(words, environment, name=name, is_shown=is_shown))

        compose = begin(BEFORE_PAGES, name="compose")
        processes = begin(*OF_PROCESSES, name="processes")
        results = [_checks(arguments), _front_end(environment, must_run=arguments.no_skips)]
        rest = begin(*(f"--ignore={path}" for path in others), name="rest", is_shown=True)
        compose.wait()
        most_pages = begin(*pages, name="pages")
        rest.wait()
        longest = begin(THE_LONGEST, name="longest")
        return results + [tests.tell() for tests in (rest, compose, processes, most_pages, longest)]


def _pages() -> Sequence[str]:
    files = sorted((ROOT / "tests").glob("**/test_*.py"))
    paths = [str(path.relative_to(ROOT)) for path in files if NEEDS_A_BROWSER in path.read_text(encoding="utf-8")]
    return [path for path in paths if path != THE_LONGEST]


class _Pytest:
    """Tests under way; ended when the `with` ends. What they say is kept until `tell`, unless it `is_shown` at once."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], *, name: str, is_shown: bool) -> None:
        self._command = [*PYTEST, "-o", f"cache_dir=.pytest_cache/{name}", *words]
        self._environment = environment
        self._is_shown = is_shown

    def __enter__(self) -> Self:
        sys.stdout.flush()
        self._said = TemporaryFile()
        # S603: our own interpreter and modules.
        self._process = subprocess.Popen(  # noqa: S603
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=None if self._is_shown else self._said,
            stderr=None if self._is_shown else subprocess.STDOUT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._said.close()

    def wait(self) -> None:
        """Until they have ended."""
        self._process.wait()

    def tell(self) -> bool:
        """Wait, and say what they have said; whether all of it is right."""
        is_right = self._process.wait() == 0
        self._said.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(self._said, sys.stdout.buffer)
        sys.stdout.flush()
        return is_right


def _checks(arguments: Namespace) -> bool:
    return arguments.no_check or check.run(arguments) == 0


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
