"""`./frontrow chaos`: a run and its report, or the report of an earlier run's log."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp

from chaos.checker import check
from chaos.checker.history import History
from chaos.log import LOG, UnreadableLog, read, writing
from chaos.report.page import as_page
from chaos.report.summary import Summary, summarize
from chaos.report.text import as_text, explained
from chaos.run import Say, run
from chaos.schedule import schedule
from chaos.terms import Terms
from devstack.errors import StackError
from loadtest.model import CannotRun

HEALTHY, VIOLATIONS, COULD_NOT_RUN = 0, 1, 2
"""Exit codes."""

VIOLATIONS_FILE = "violations.txt"


class CannotTell(Exception):
    """There was no run to judge, or not enough happened in it; the text says why."""


def play(terms: Terms, folder: Path, *, say: Say, mutant: str = "") -> int:
    """Run, record, check and report into `folder`; the exit code."""
    return _exit_code(lambda: run_and_judge(terms, folder, say=say, mutant=mutant))


def replay(log: Path, folder: Path | None, *, say: Say) -> int:
    """Check and report what is in a log; the exit code. Needs nothing that runs."""
    return _exit_code(lambda: judge(log, folder, say=say))


def run_and_judge(terms: Terms, folder: Path, *, say: Say, mutant: str = "") -> Summary:
    """Run, record, check and report into `folder`. Raises CannotTell."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = schedule(terms)
    say(f"Seed {terms.seed}: {len(plan)} faults in {terms.seconds:g} s.")
    say("\n".join(f"  {planned}" for planned in plan))
    log = folder / LOG
    try:
        with writing(log) as write:
            asyncio.run(run(terms, write, logs=folder / "logs", say=say, mutant=mutant))
    except TimeoutError as error:
        raise CannotTell("the run did not come to its end in time") from error
    except (StackError, CannotRun, aiohttp.ClientError, OSError) as error:
        raise CannotTell(f"the system could not be used at all: {error}") from error
    return judge(log, folder, say=say)


def judge(log: Path, folder: Path | None, *, say: Say) -> Summary:
    """Check what is in a log, and report into `folder`. Raises CannotTell."""
    try:
        history = History(read(log))
    except UnreadableLog as error:
        raise CannotTell(str(error)) from None
    violations = check(history)
    summary = summarize(history, violations)
    text = as_text(summary, violations, history)
    say(f"\n{text}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "report.txt", text)
        write_text(folder / "report.html", as_page(f"Chaos, seed {summary.seed}", text, history))
        write_text(folder / "summary.json", json.dumps(summary.document(), indent=2))
        write_text(folder / VIOLATIONS_FILE, "\n".join(explained(violation, history) for violation in violations))
        say(f"\nReport and log: {folder}")
    # A run in which nothing was done, or nothing broken, says nothing about anything.
    if not violations and (summary.ledger_rows == 0 or not summary.reads):
        raise CannotTell("nobody got anything done in this run")
    return summary


def write_text(path: Path, text: str) -> None:
    """A file of a report."""
    path.write_text(text + "\n", encoding="utf-8")


def _exit_code(judged: Callable[[], Summary]) -> int:
    try:
        return VIOLATIONS if judged().violations else HEALTHY
    except CannotTell as error:
        print(f"chaos: {error}", file=sys.stderr)
        return COULD_NOT_RUN
