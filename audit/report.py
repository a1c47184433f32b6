"""An audit as a person reads it, and as a program does."""

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from audit.inspection import CannotAudit, Report, Verdict
from audit.invariant import Invariant

HEALTHY, FINDINGS, COULD_NOT_RUN = 0, 1, 2
"""Exit codes."""

LINE_WIDTH = 110
"""Of texts; tables are as wide as they are."""


def exit_code(report: Report) -> int:
    """What the process ends with. What was found counts for more than what could not be asked."""
    if report.findings:
        return FINDINGS
    return COULD_NOT_RUN if report.errors else HEALTHY


def summary(report: Report) -> str:
    """One line."""
    asked, when = len(report.verdicts), f"{report.snapshot_at:%Y-%m-%d %H:%M:%S} UTC"
    took = f"snapshot of {when}, {report.seconds:.2f} s"
    parts = []
    if report.findings:
        parts.append(f"{len(report.findings)} of {asked} invariants DO NOT HOLD")
    if report.errors:
        parts.append(f"{len(report.errors)} of {asked} could not be asked")
    return f"{' and '.join(parts) or f'Healthy: {asked} invariants hold'} ({took})."


def as_text(report: Report) -> str:
    """A line for each invariant, everything about each finding, and the summary."""
    lines = [_line(verdict) for verdict in report.verdicts]
    for verdict in (*report.findings, *report.errors):
        lines += ["", *explanation(verdict)]
    return "\n".join([*lines, "", summary(report)])


def explanation(verdict: Verdict) -> Iterator[str]:
    """What did not hold, what that means, what to do, and the rows; or why it could not be asked."""
    invariant = verdict.invariant
    if verdict.error is not None:
        yield f"NOT ASKED  {_title(invariant)}: {verdict.error}"
        return
    more = "" if verdict.found == len(verdict.rows) else f", the first {len(verdict.rows)} of them"
    yield f"FINDING  {_title(invariant)}: {verdict.found} row{'s' if verdict.found != 1 else ''}{more}"
    yield from _texts(invariant)
    yield from (f"    {line}" for line in _table(verdict.columns, verdict.rows))


def as_document(report: Report) -> dict[str, Any]:
    """For programs."""
    code = exit_code(report)
    return {
        "verdict": ("healthy", "findings", "could not run")[code],
        "exit_code": code,
        "snapshot_at": report.snapshot_at.isoformat(),
        "seconds": round(report.seconds, 3),
        "invariants": [_as_document(verdict) for verdict in report.verdicts],
    }


def failure_as_document(failure: CannotAudit) -> dict[str, Any]:
    """For programs, when there is no report."""
    return {"verdict": "could not run", "exit_code": COULD_NOT_RUN, "error": str(failure)}


def as_json(document: dict[str, Any], *, indent: int | None = 2) -> str:
    """JSON; what has no JSON (times, ids) as text."""
    return json.dumps(document, indent=indent, default=str)


def listing(invariants: Sequence[Invariant]) -> str:
    """What is asked, and what findings would mean."""
    return "\n\n".join("\n".join([_title(one), *_texts(one)]) for one in invariants)


def _as_document(verdict: Verdict) -> dict[str, Any]:
    invariant = verdict.invariant
    return {
        "number": invariant.number,
        "name": invariant.name,
        "holds": invariant.holds,
        "found": verdict.found if verdict.error is None else None,
        "rows": [dict(zip(verdict.columns, row, strict=True)) for row in verdict.rows],
        "error": verdict.error,
        "seconds": round(verdict.seconds, 3),
    }


def _line(verdict: Verdict) -> str:
    word = "not asked" if verdict.error is not None else "FINDING" if verdict.found else "ok"
    return f"{word:9}  {_title(verdict.invariant):45} {verdict.seconds:7.2f} s"


def _texts(invariant: Invariant) -> Iterator[str]:
    for label, text in (("Must hold:", invariant.holds), ("Means:", invariant.means), ("Do:", invariant.todo)):
        yield from wrap(
            text, LINE_WIDTH, initial_indent=f"  {label:12}", subsequent_indent=" " * 14, break_on_hyphens=False
        )


def _title(invariant: Invariant) -> str:
    return f"{invariant.number:02} {invariant.name}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    lines = [list(columns), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(columns))]
    for line in lines:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)
