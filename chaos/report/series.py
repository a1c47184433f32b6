"""Several runs together: the numbers, and a text whose tables are those of docs/reliability.md."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chaos.report.summary import Recovery, Summary

GOALS_S: Mapping[str, float] = {
    "kill booking: that instance": 3.0,
    "kill auth": 3.0,
    "kill events": 3.0,
    "kill postgres": 10.0,
    "stop immediately postgres": 10.0,
}
"""By when a part is meant to answer again. A goal that was missed is reported, and is no violation."""


@dataclass(frozen=True, kw_only=True)
class Longest:
    """Of all faults of one kind in all runs, the longest time until the next answer, and the seed that it is from."""

    fault: str
    times: int
    longest_s: float
    seed: int
    never: int
    goal_s: float | None


@dataclass(frozen=True, kw_only=True)
class Series:
    """What several runs came to. `not_run`: seeds, and why they say nothing. `bound`: with 95 % confidence, the share
    of such runs in which something goes wrong is below this; None: something did.
    """

    runs: Sequence[Summary]
    not_run: Mapping[str, str]
    operations: int
    faults: int
    unknown: int
    unknown_then_done: int
    unknown_then_refused: int
    unknown_to_the_end: int
    not_let_in: int
    violations: int
    runs_with_violations: Sequence[int]
    longest: Sequence[Longest]
    bound: float | None

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def together(runs: Sequence[Summary], not_run: Mapping[str, str]) -> Series:
    """The numbers of all `runs`."""
    bad = [run.seed for run in runs if run.violations]
    return Series(
        runs=runs,
        not_run=not_run,
        operations=sum(run.operations for run in runs),
        faults=sum(run.faults for run in runs),
        unknown=sum(run.unknown for run in runs),
        unknown_then_done=sum(run.unknown_then_done for run in runs),
        unknown_then_refused=sum(run.unknown_then_refused for run in runs),
        unknown_to_the_end=sum(run.unknown_to_the_end for run in runs),
        not_let_in=sum(run.not_let_in for run in runs),
        violations=sum(run.violations for run in runs),
        runs_with_violations=bad,
        longest=_longest(runs),
        # The rule of three; more than everything is no bound.
        bound=min(1.0, 3 / len(runs)) if runs and not bad else None,
    )


def _longest(runs: Sequence[Summary]) -> Sequence[Longest]:
    found: dict[str, list[tuple[Recovery, int]]] = defaultdict(list)
    for run in runs:
        for recovery in run.recoveries:
            found[recovery.fault].append((recovery, run.seed))
    result = []
    for fault, recoveries in sorted(found.items()):
        worst, seed = max(recoveries, key=lambda one: one[0].longest_s)
        result.append(
            Longest(
                fault=fault,
                times=sum(recovery.times for recovery, _ in recoveries),
                longest_s=worst.longest_s,
                seed=seed,
                never=sum(recovery.never for recovery, _ in recoveries),
                goal_s=GOALS_S.get(fault),
            )
        )
    return result


def series_text(series: Series) -> str:
    """For a terminal, and for a page of documentation: the tables are Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    lines += ["| " + " | ".join(cells(run)) + " |" for run in series.runs]
    lines += [f"Seed {seed} says nothing: {why}" for seed, why in series.not_run.items()]
    lines += ["", *_totals(series), "", "| From a fault to the next answer | Longest | Of | Seed | Goal |"]
    lines += ["|---|---|---|---|---|", *map(_longest_row, series.longest), ""]
    return "\n".join([*lines, *_verdict(series)])


COLUMNS = (
    "Seed",
    "Seconds",
    "Operations",
    "Faults",
    "Unknown at first (asked again: done / refused / open)",
    "Ledger to viewer, p99",
    "Violations",
)


def cells(run: Summary) -> Sequence[str]:
    """A run as a row of COLUMNS."""
    settled = f"{run.unknown_then_done} / {run.unknown_then_refused} / {run.unknown_to_the_end}"
    return (
        str(run.seed),
        f"{run.seconds:g}",
        f"{run.operations:,}",
        str(run.faults),
        f"{run.unknown} ({settled})",
        f"{run.staleness_ms['p99']:.0f} ms" if run.staleness_ms else "none",
        str(run.violations),
    )


def _totals(series: Series) -> Iterator[str]:
    yield (
        f"{len(series.runs)} runs, {series.operations:,} operations, {series.faults:,} faults, "
        f"{series.violations} violations."
    )
    yield (
        f"{series.unknown:,} outcomes were unknown at first. Asked again with the same key: "
        f"{series.unknown_then_done:,} had happened or then did, {series.unknown_then_refused:,} were refused, "
        f"{series.unknown_to_the_end:,} stayed open."
    )
    if series.runs:
        loads = [run.load for run in series.runs]
        yield f"The machine: {series.runs[0].cores} cores, load {min(loads):g} to {max(loads):g}, our own among it."
    yield f"{series.not_let_in:,} tries were not let in (401) where a clock was wrong, and went elsewhere."


def _longest_row(one: Longest) -> str:
    longest = f"{one.longest_s:.1f} s" + (f" ({one.never} x not before the end)" if one.never else "")
    goal = ""
    if one.goal_s is not None:
        goal = f"{one.goal_s:g} s: {'met' if one.longest_s < one.goal_s and not one.never else 'MISSED'}"
    return f"| {one.fault} | {longest} | {one.times} | {one.seed} | {goal} |"


def _verdict(series: Series) -> Iterator[str]:
    if series.runs_with_violations:
        seeds = ", ".join(map(str, series.runs_with_violations))
        yield f"VIOLATIONS in {len(series.runs_with_violations)} of {len(series.runs)} runs: seeds {seeds}."
    elif series.bound is not None:
        n = len(series.runs)
        yield f"No violation in {n} runs."
        if series.bound < 1:
            yield (
                f"With 95 % confidence, fewer than 3 in {n} of such runs, {100 * series.bound:.3g} %, would have one. "
                "That is a bound, not a proof that none would."
            )
        else:
            yield "So few runs bound nothing: with n runs, the bound at 95 % confidence is 3/n."
    if series.not_run:
        yield f"{len(series.not_run)} runs say nothing, and do not count."
