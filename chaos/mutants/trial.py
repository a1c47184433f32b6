"""Tries the checker: does it find the planted bugs, and after how long?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chaos.checker import check
from chaos.checker.answers import CONTRACT
from chaos.checker.history import History
from chaos.command import COULD_NOT_RUN, play
from chaos.log import LOG, read
from chaos.mutants.catalogue import A_SERVICE_IS_AHEAD, MUTANTS, Mutant
from chaos.run import Say
from chaos.schedule import Planned, schedule
from chaos.terms import Terms

RUNS = 3
"""A bug that only a crash at the right moment shows, on a machine that is busy, may need more than one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One planted bug. `found_after_s`: from the beginning of the last of its `runs` to the first violation; None: only
    at the end, or never.
    """

    name: str
    runs: int
    found_after_s: float | None
    rules: Sequence[str]

    @property
    def found(self) -> bool:
        """Did any rule see it?"""
        return bool(self.rules)

    def __str__(self) -> str:
        if not self.found:
            return f"{self.name:<28} NOT FOUND in {self.runs} runs"
        when = "at the end" if self.found_after_s is None else f"{self.found_after_s:6.1f} s"
        which = f"  (run {self.runs})" if self.runs > 1 else ""
        return f"{self.name:<28} found {when:>10}{which}  {', '.join(self.rules)}"


def attempt(name: str, terms: Terms, folder: Path, *, say: Say) -> Trial | None:
    """Run with the planted bug `name`, with other seeds while it is not found. None: it could not be run."""
    trial = None
    for number in range(1, RUNS + 1):
        terms = _seed_with(MUTANTS[name], terms)
        place = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        if play(terms, place, say=say, mutant=name) == COULD_NOT_RUN:
            return None
        trial = _judged(name, number, History(read(place / LOG)))
        if trial.found:
            break
        terms = replace(terms, seed=terms.seed + 1)
    return trial


def _judged(name: str, number: int, history: History) -> Trial:
    counts = MUTANTS[name].crashes
    violations = [violation for violation in check(history) if counts or violation.rule != CONTRACT]
    at = [violation.at for violation in violations if violation.at is not None]
    rules = sorted({violation.rule for violation in violations})
    return Trial(name, number, min(at) - history.start.at if at else None, rules)


def _seed_with(mutant: Mutant, terms: Terms) -> Terms:
    """The first seed, from that of `terms` on, whose faults can show the bug at all."""
    while mutant.needs and not any(mutant.needs & _names_of(planned, terms) for planned in schedule(terms)):
        terms = replace(terms, seed=terms.seed + 1)
    return terms


def _names_of(planned: Planned, terms: Terms) -> set[str]:
    names = {planned.kind, f"{planned.kind} {planned.target}"}
    if planned.target in terms.booking_parts() and planned.skew_s > terms.hold_s:
        names.add(A_SERVICE_IS_AHEAD)
    return names


def attempt_all(names: Sequence[str], terms: Terms, folder: Path, *, say: Say) -> int:
    """Each of `names` for itself, and a table; 0: all were found, 1: one was not, 2: one could not be run."""
    trials: dict[str, Trial | None] = {}
    for name in names:
        trial = trials[name] = attempt(name, terms, folder / name, say=_quiet)
        say(str(trial) if trial is not None else f"{name:<28} could not be run; see {folder / name}")
    found = sum(trial is not None and trial.found for trial in trials.values())
    say(f"{found} of {len(names)} planted bugs were found.")
    if any(trial is None for trial in trials.values()):
        return COULD_NOT_RUN
    return 0 if found == len(names) else 1


def _quiet(_line: str) -> None:
    """Each run's own report is in its folder."""
