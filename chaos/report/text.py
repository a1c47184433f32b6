"""A run on one page of text."""

from collections.abc import Sequence

from chaos.checker.history import History, Violation
from chaos.report.summary import Summary

SHOWN = 12
"""Violations of a run that are printed; all are in violations.txt."""


def as_text(summary: Summary, violations: Sequence[Violation], history: History) -> str:
    """For a terminal."""
    lines = [f"Chaos, seed {summary.seed}, {summary.seconds:g} s, {summary.instances} booking instances"]
    if summary.mutant:
        lines[0] += f", planted bug: {summary.mutant}"
    lines += ["=" * len(lines[0]), *_operations(summary), *_faults(summary), *_recoveries(summary)]
    agreed = [f"{name} {'never' if s is None else f'{s:.2f} s'}" for name, s in summary.viewers_agreed_after_s.items()]
    lines.append(f"Viewers agree with the database after the last change: {', '.join(agreed) or 'nobody watched'}")
    if summary.staleness_ms:
        ms = ", ".join(f"{name} {value:.0f} ms" for name, value in summary.staleness_ms.items())
        lines.append(f"From the ledger to the viewer, faults included: {ms}")
    lines.append(f"The machine: {summary.cores} cores, load {summary.load:g} in the last minute of the workload")
    lines += ["", *_verdict(summary, violations, history)]
    return "\n".join(lines)


def explained(violation: Violation, history: History) -> str:
    """A violation in a line, with what was broken at that time."""
    if violation.at is None:
        return f"{violation.rule}: {violation.text}"
    at, start = violation.at, history.start.at
    near = [f"{fault.kind} {fault.target}" for fault in history.faults if fault.begin - 1 <= at <= fault.end + 3]
    return f"{violation.rule}, at {at - start:.2f} s ({', '.join(near) or 'no fault near'}): {violation.text}"


def _operations(summary: Summary) -> Sequence[str]:
    lines = [f"{summary.operations} operations in {summary.tries} tries, {summary.reads} reads of all seats:"]
    for kind, outcomes in summary.outcomes.items():
        lines.append(f"  {kind:<13}" + ", ".join(f"{count} x {status}" for status, count in outcomes.items()))
    lines.append(f"  {summary.ledger_rows} ledger rows; viewers were sent {summary.seen_messages} messages")
    lines.append(
        f"Unknown at first: {summary.unknown}. Asked again with the same key: {summary.unknown_then_done} had "
        f"happened or then did, {summary.unknown_then_refused} were refused, {summary.unknown_to_the_end} stayed open"
    )
    lines.append(f"Not let in (401) where a clock was wrong: {summary.not_let_in} tries")
    return lines


def _faults(summary: Summary) -> Sequence[str]:
    kinds = ", ".join(f"{count} x {kind}" for kind, count in summary.faults_by_kind.items())
    missed = f" ({summary.faults_missed} more could not be done)" if summary.faults_missed else ""
    return [f"{summary.faults} faults{missed}: {kinds or 'none'}"]


def _recoveries(summary: Summary) -> Sequence[str]:
    lines = ["From the fault to the next answer, a pause's own length included:"]
    for one in summary.recoveries:
        never = f", {one.never} x not before the end" if one.never else ""
        lines.append(
            f"  {one.fault:<34}{one.times:>4} x  median {one.median_s:6.2f} s  longest {one.longest_s:6.2f} s{never}"
        )
    return lines


def _verdict(summary: Summary, violations: Sequence[Violation], history: History) -> Sequence[str]:
    checked = f"{summary.rules} rules, and {summary.audited_invariants} invariants of the auditor"
    if not violations:
        return [f"0 violations of {checked}."]
    counts = ", ".join(f"{count} x {rule}" for rule, count in summary.violations_by_rule.items())
    lines = [f"{summary.violations} VIOLATIONS of {checked}: {counts}"]
    return lines + [f"  {explained(violation, history)}" for violation in violations[:SHOWN]]
