"""What is printed and written about a race. Pure: text and numbers from answers and checks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from loadtest.model import Answer, Check, Target

_COLUMNS = ("average", "min", "max", "p50", "p90", "p95", "p99")


@dataclass(frozen=True)
class ResponseTimes:
    """Milliseconds over `count` answers."""

    count: int
    average: float
    min: float
    max: float
    p50: float
    p90: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Round:
    """One attack with everything there is to say about it. The answers are in order of arrival."""

    number: int
    target: Target
    answers: tuple[Answer, ...]
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` of 100 values do not exceed.

    It is always a value that was measured, never one in between. Raises ValueError without values or
    for a percent outside 0..100.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    if not 0 <= percent <= 100:
        raise ValueError("percent must be between 0 and 100")
    # Integers, because 0.55 * 100 is 55.000000000000007 and would round up to the 56th value.
    rank = -(-percent * len(values) // 100)
    return sorted(values)[max(rank, 1) - 1]


def response_times(answers: Sequence[Answer]) -> ResponseTimes | None:
    """None when there are no answers."""
    if not answers:
        return None
    times_ms = [answer.duration_s * 1000 for answer in answers]
    return ResponseTimes(
        count=len(times_ms),
        average=sum(times_ms) / len(times_ms),
        min=min(times_ms),
        max=max(times_ms),
        p50=percentile(times_ms, 50),
        p90=percentile(times_ms, 90),
        p95=percentile(times_ms, 95),
        p99=percentile(times_ms, 99),
    )


def letter(answer: Answer) -> str:
    """Y for a hold, N for a seat that is taken, ? for anything else."""
    if answer.won:
        return "Y"
    return "N" if answer.lost else "?"


def progress_line(answers: Sequence[Answer]) -> str:
    return "Attack progress: " + "".join(letter(answer) for answer in answers)


def counts(answers: Sequence[Answer]) -> dict[str, int]:
    """How many answers had each status; "no answer" for those that never came."""
    seen = Counter("no answer" if answer.status is None else str(answer.status) for answer in answers)
    return dict(sorted(seen.items()))


def heading(title: str, configuration: Mapping[str, str]) -> str:
    width = max(map(len, configuration), default=0)
    lines = [f"  {name:<{width}}  {value}" for name, value in configuration.items()]
    return "\n".join([title, "=" * len(title), *lines])


def round_text(result: Round, *, of: int) -> str:
    """One round for a person to read."""
    target = result.target
    place = f"seat {target.seat_number} (id {target.seat_id}) of event {target.event_id}, {target.event_name}"
    lines = [f"Round {result.number} of {of}: {place}", progress_line(result.answers)]
    lines += [_winner_line(answer) for answer in result.answers if answer.won] or ["Winner: nobody"]
    lines.append("Answers: " + ", ".join(f"{n} x {status}" for status, n in counts(result.answers).items()))
    lines += _errors(result.answers)
    lines.append(f"All requests sent within {_sent_within_ms(result.answers):.1f} ms")
    lines += _response_time_table(result.answers)
    lines.append("Checks:")
    lines += [_check_line(check) for check in result.checks]
    return "\n".join(lines)


def conclusion(rounds: Sequence[Round]) -> str:
    good = sum(result.passed for result in rounds)
    if good == len(rounds):
        return f"Verdict: PASS. Exactly one person got the seat, in {good} of {len(rounds)} rounds."
    return f"Verdict: FAIL. A check failed in {len(rounds) - good} of {len(rounds)} rounds."


def as_document(title: str, configuration: Mapping[str, str], rounds: Sequence[Round]) -> dict[str, Any]:
    """The whole run for `--json`. Times are milliseconds. No tokens."""
    return {
        "title": title,
        "configuration": dict(configuration),
        "passed": all(result.passed for result in rounds),
        "rounds": [_round_document(result) for result in rounds],
    }


def _groups(answers: Sequence[Answer]) -> dict[str, ResponseTimes | None]:
    return {
        "winners": response_times([answer for answer in answers if answer.won]),
        "losers": response_times([answer for answer in answers if answer.lost]),
        "all": response_times(answers),
    }


def _response_time_table(answers: Sequence[Answer]) -> list[str]:
    lines = [f"{'Response times, ms':<20}{'count':>7}" + "".join(f"{name:>10}" for name in _COLUMNS)]
    for group, times in _groups(answers).items():
        if times is None:
            lines.append(f"  {group:<18}{0:>7}" + f"{'-':>10}" * len(_COLUMNS))
        else:
            values = "".join(f"{getattr(times, name):>10.1f}" for name in _COLUMNS)
            lines.append(f"  {group:<18}{times.count:>7}{values}")
    return lines


def _winner_line(answer: Answer) -> str:
    return (
        f"Winner: {answer.person.email} through {answer.instance}, hold {answer.hold_id}, "
        f"{answer.duration_s * 1000:.1f} ms"
    )


def _errors(answers: Sequence[Answer]) -> list[str]:
    errors = Counter(answer.error for answer in answers if answer.error is not None)
    return [f"  no answer, {count} x: {error}" for error, count in errors.most_common(5)]


def _sent_within_ms(answers: Sequence[Answer]) -> float:
    sent_at_s = [answer.sent_at_s for answer in answers]
    return (max(sent_at_s) - min(sent_at_s)) * 1000


def _check_line(check: Check) -> str:
    return f"  [pass] {check.sentence}" if check.passed else f"  [FAIL] {check.sentence} (seen: {check.seen})"


def _round_document(result: Round) -> dict[str, Any]:
    return {
        "number": result.number,
        "target": asdict(result.target),
        "passed": result.passed,
        "progress": "".join(letter(answer) for answer in result.answers),
        "winners": [
            {"email": answer.person.email, "instance": answer.instance, "hold_id": answer.hold_id}
            for answer in result.answers
            if answer.won
        ],
        "counts": counts(result.answers),
        "sent_within_ms": _sent_within_ms(result.answers),
        "response_times_ms": {
            group: None if times is None else asdict(times) for group, times in _groups(result.answers).items()
        },
        "checks": [asdict(check) for check in result.checks],
    }
