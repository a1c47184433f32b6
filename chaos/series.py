"""Runs one after the other, each with a seed, a system and a folder of its own, and what they come to together."""

import json
import shutil
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from chaos.command import (
    COULD_NOT_RUN,
    HEALTHY,
    VIOLATIONS,
    VIOLATIONS_FILE,
    CannotTell,
    judge,
    run_and_judge,
    write_text,
)
from chaos.log import LOG, log_in, pack
from chaos.report.page import series_page
from chaos.report.series import cells, series_text, together
from chaos.report.summary import Summary
from chaos.report.text import SHOWN
from chaos.run import Say
from chaos.terms import Terms


def seeds_of(text: str) -> Sequence[int]:
    """`"101-120,7"` in words of numbers. Raises ValueError."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"{text!r} names no seed, or one twice")
    return seeds


def play_all(seeds: Sequence[int], terms: Terms, folder: Path, *, say: Say) -> int:
    """Run every seed, whatever becomes of the others; the exit code. Each folder is `seed-N` in `folder`."""

    def one(place: Path, seed: int) -> Summary:
        # What an earlier run left here is not to be taken for what this one did.
        shutil.rmtree(place, ignore_errors=True)
        try:
            summary = run_and_judge(replace(terms, seed=seed), place, say=_quiet)
        except CannotTell:
            raise
        except Exception as error:
            # A mistake of ours in one run must not end a night of runs; the folder keeps what it was.
            place.mkdir(parents=True, exist_ok=True)
            write_text(place / "why-not.txt", traceback.format_exc())
            raise CannotTell(f"{type(error).__name__}: {error}") from error
        _keep_little(place, summary)
        return summary

    return _all([(folder / f"seed-{seed}", seed) for seed in seeds], one, folder, say)


def replay_all(folder: Path, report: Path, *, say: Say) -> int:
    """Check the logs of all runs in `folder` again, and report together into `report`; the exit code."""
    places = sorted(folder.glob("seed-*/"), key=lambda place: int(place.name.removeprefix("seed-")))

    def one(place: Path, _seed: int) -> Summary:
        log = log_in(place)
        if log is None:
            raise CannotTell(f"there is no log in {place}")
        return judge(log, place, say=_quiet)

    return _all([(place, int(place.name.removeprefix("seed-"))) for place in places], one, report, say)


def _all(places: Iterable[tuple[Path, int]], summary_of: Callable[[Path, int], Summary], folder: Path, say: Say) -> int:
    runs: list[Summary] = []
    not_run: dict[str, str] = {}
    for place, seed in places:
        try:
            runs.append(summary_of(place, seed))
            say("  ".join(cells(runs[-1])))
            if runs[-1].violations:
                say("\n".join((place / VIOLATIONS_FILE).read_text(encoding="utf-8").splitlines()[:SHOWN]))
        except CannotTell as error:
            not_run[str(seed)] = str(error)
            say(f"{seed}  says nothing: {error}")
        # After each, so that a series that is interrupted has its report too.
        series = together(runs, not_run)
        text = series_text(series)
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "report.txt", text)
        write_text(folder / "report.html", series_page(series, text))
        write_text(folder / "summary.json", json.dumps(series.document(), indent=2))
    if not runs and not not_run:
        say(f"There is no run in {folder}.")
        return COULD_NOT_RUN
    say(f"\n{text}\n\nReports and logs: {folder}")
    if series.violations:
        return VIOLATIONS
    return COULD_NOT_RUN if not_run else HEALTHY


def _keep_little(place: Path, summary: Summary) -> None:
    """What the parts wrote themselves is wanted only where something is wrong; the log of the run can be packed."""
    if not summary.violations:
        shutil.rmtree(place / "logs", ignore_errors=True)
    pack(place / LOG)


def _quiet(_line: str) -> None:
    """Each run's own report is in its folder."""
