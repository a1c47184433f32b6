"""The numbers of a run, ready for JSON."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chaos.checker import RULES
from chaos.checker.history import History, Operation, Violation
from chaos.checker.maps import staleness_s
from chaos.records import Fault, Try, is_definite
from loadtest.report import percentile


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """How long after the beginning of such faults the part answered again. Seconds."""

    fault: str
    times: int
    median_s: float
    longest_s: float
    never: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Everything that is reported. Times in seconds, staleness in milliseconds."""

    seed: int
    seconds: float
    instances: int
    mutant: str
    operations: int
    tries: int
    outcomes: Mapping[str, Mapping[str, int]]
    reads: int
    ledger_rows: int
    seen_messages: int
    faults: int
    faults_missed: int
    faults_by_kind: Mapping[str, int]
    unknown: int
    unknown_then_done: int
    unknown_then_refused: int
    unknown_to_the_end: int
    not_let_in: int
    recoveries: Sequence[Recovery]
    viewers_agreed_after_s: Mapping[str, float | None]
    staleness_ms: Mapping[str, float]
    rules: int
    audited_invariants: int
    violations: int
    violations_by_rule: Mapping[str, int]
    load: float
    cores: int

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def summarize(history: History, violations: Sequence[Violation]) -> Summary:
    """The numbers of `history`."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for one in history.operations:
        outcomes[one.kind][_outcome(one)] += 1
    unsure = [one for one in history.operations if _was_unknown(one)]
    happened = [fault for fault in history.faults if not fault.missed]
    stale = staleness_s(history)
    return Summary(
        seed=history.start.seed,
        seconds=history.start.seconds,
        instances=history.start.instances,
        mutant=history.start.mutant,
        operations=len(history.operations),
        tries=len(history.tries),
        outcomes={kind: dict(sorted(counts.items())) for kind, counts in sorted(outcomes.items())},
        reads=sum(one.kind == "look" and one.status == 200 for one in history.tries),
        ledger_rows=len(history.ledger),
        seen_messages=sum(bool(message.seats) for message in history.seen),
        faults=len(happened),
        faults_missed=len(history.faults) - len(happened),
        faults_by_kind=dict(sorted(Counter(map(_kind_of, happened)).items())),
        unknown=len(unsure),
        unknown_then_done=sum(one.done for one in unsure),
        unknown_then_refused=sum(one.refused for one in unsure),
        unknown_to_the_end=sum(one.open for one in unsure),
        not_let_in=sum(one.status == 401 for one in history.tries),
        recoveries=_recoveries(history, happened),
        viewers_agreed_after_s={quiet.viewer: quiet.agreed_after_s for quiet in history.quiet},
        staleness_ms={
            name: round(1000 * percentile(stale, percent), 1)
            for name, percent in (("p50", 50), ("p99", 99), ("max", 100))
        }
        if stale
        else {},
        rules=len(RULES),
        audited_invariants=sum(audit.invariants for audit in history.audits),
        violations=len(violations),
        violations_by_rule=dict(Counter(violation.rule for violation in violations)),
        load=history.end.load if history.end is not None else 0.0,
        cores=history.end.cores if history.end is not None else 0,
    )


def _outcome(operation: Operation) -> str:
    return str(operation.answer.status) if operation.answer is not None else "open"


def _was_unknown(operation: Operation) -> bool:
    first = min(operation.tries, key=lambda one: one.invoke)
    # Nobody listened: then nothing was sent, and nothing is unknown.
    return (first.status is None and first.error != "ClientConnectorError") or (first.status or 0) >= 500


def _recoveries(history: History, faults: Sequence[Fault]) -> Sequence[Recovery]:
    answered: dict[str, list[Try]] = defaultdict(list)
    for one in history.tries:
        if is_definite(one.status):
            answered["booking" if one.part.startswith("booking") else one.part].append(one)
            if one.part.startswith("booking"):
                answered[f"instance {one.part}"].append(one)
    times: dict[str, list[float | None]] = defaultdict(list)
    for fault in faults:
        for part, name in _whom_it_hits(fault):
            after = [one.returned for one in answered[part] if one.invoke >= fault.begin]
            times[name].append(min(after) - fault.begin if after else None)
    return [_recovery(name, found) for name, found in sorted(times.items())]


def _whom_it_hits(fault: Fault) -> Sequence[tuple[str, str]]:
    """Whose next answer counts, and under which name. Where one instance of several is hit, the others go on."""
    name = _kind_of(fault)
    last = fault.target.rpartition(" ")[2]
    if last.startswith("booking"):
        return ((f"instance {last}", f"{name}: that instance"), ("booking", f"{name}: any instance"))
    return ((last if last in ("auth", "events") else "booking", name),)


def _recovery(name: str, times: Sequence[float | None]) -> Recovery:
    known = sorted(time for time in times if time is not None)
    return Recovery(
        fault=name,
        times=len(times),
        median_s=round(percentile(known, 50), 3) if known else 0.0,
        longest_s=round(max(known, default=0.0), 3),
        never=len(times) - len(known),
    )


def _kind_of(fault: Fault) -> str:
    """The fault without the number of the instance."""
    first, _, rest = fault.target.partition(" of ")
    target = first if rest else fault.target.partition("-")[0]
    return fault.kind if fault.kind.endswith(target) else f"{fault.kind} {target}"
