"""`./frontrow chaos`: a run and its report, or the report of an earlier run's log."""

import asyncio
import json
import sys
from pathlib import Path

import aiohttp

from chaos.checker import check
from chaos.checker.history import History
from chaos.log import UnreadableLog, read, writing
from chaos.report.page import as_page
from chaos.report.summary import summarize
from chaos.report.text import as_text, explained
from chaos.run import Say, run
from chaos.schedule import schedule
from chaos.terms import Terms
from devstack.errors import StackError
from loadtest.model import CannotRun

HEALTHY, VIOLATIONS, COULD_NOT_RUN = 0, 1, 2
"""Exit codes."""

LOG = "log.jsonl"


def play(terms: Terms, folder: Path, *, say: Say, mutant: str = "") -> int:
    """Run, record, check and report into `folder`; the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = schedule(terms)
    say(f"Seed {terms.seed}: {len(plan)} faults in {terms.seconds:g} s.")
    say("\n".join(f"  {planned}" for planned in plan))
    log = folder / LOG
    try:
        with writing(log) as write:
            asyncio.run(run(terms, write, logs=folder / "logs", say=say, mutant=mutant))
    except (StackError, CannotRun, aiohttp.ClientError, TimeoutError, OSError) as error:
        print(f"chaos: the system could not be used at all: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    return replay(log, folder, say=say)


def replay(log: Path, folder: Path | None, *, say: Say) -> int:
    """Check and report what is in a log; the exit code. Needs nothing that runs."""
    try:
        history = History(read(log))
    except UnreadableLog as error:
        print(f"chaos: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    violations = check(history)
    summary = summarize(history, violations)
    text = as_text(summary, violations, history)
    say(f"\n{text}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "report.txt", text)
        _write(folder / "report.html", as_page(f"Chaos, seed {summary.seed}", text, history))
        _write(folder / "summary.json", json.dumps(summary.document(), indent=2))
        _write(folder / "violations.txt", "\n".join(explained(violation, history) for violation in violations))
        say(f"\nReport and log: {folder}")
    # A run in which nothing was done, or nothing broken, says nothing about anything.
    if not violations and (summary.ledger_rows == 0 or not summary.reads):
        print("chaos: nobody got anything done in this run", file=sys.stderr)
        return COULD_NOT_RUN
    return VIOLATIONS if violations else HEALTHY


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
