"""What we want, and whether it is reached. A goal is reported; it is never a test, since machines differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from loadtest.bench.results import Results, Summary

Measure = Callable[[Results], Summary | None]


@dataclass(frozen=True, slots=True)
class Goal:
    """`measure` gives None when a scenario or contender did not take part."""

    scenario: str
    sentence: str
    target: float
    unit: str
    better: Literal["at least", "at most", "exactly"]
    measure: Measure
    digits: int = 1

    def reached(self, measured: float) -> bool:
        """Is the median good enough?"""
        if self.better == "at least":
            return measured >= self.target
        return measured <= self.target if self.better == "at most" else measured == self.target


@dataclass(frozen=True, slots=True)
class Outcome:
    """A goal beside what was measured."""

    goal: Goal
    measured: Summary | None

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.measured is None:
            return "not measured"
        return "reached" if self.goal.reached(self.measured.median) else "NOT reached"


def outcomes(results: Results) -> list[Outcome]:
    """Of the goals of all scenarios that ran."""
    return [Outcome(goal, goal.measure(results)) for goal in GOALS if results.of(goal.scenario)]


def _value(scenario: str, metric: str, contender: str = "product") -> Measure:
    return lambda results: results.summary(scenario, contender, metric)


def _times(scenario: str, metric: str, contender: str = "product", to: str = "best") -> Measure:
    return lambda results: results.ratio(scenario, metric, contender, to)


def _times_less(scenario: str, metric: str, contender: str = "product", than: str = "best") -> Measure:
    return lambda results: results.ratio(scenario, metric, than, contender)


GOALS: Sequence[Goal] = (
    Goal("spread", "holds per second, against the best form", 25, "x", "at least", _times("spread", "holds_per_s")),
    Goal("spread", "CPU per durable hold", 150, "µs", "at most", _value("spread", "cpu_us_total"), 0),
    Goal("spread", "less CPU per hold than the best form", 25, "x", "at least", _times_less("spread", "cpu_us_total")),
    Goal(
        "spread",
        "of pgbench's single-row holds, with the ledger",
        0.6,
        "x",
        "at least",
        _times("spread", "holds_per_s", to="pgbench"),
        2,
    ),
    Goal(
        "spread",
        "of pgbench's single-row holds, plain tables",
        0.6,
        "x",
        "at least",
        _times("spread", "holds_per_s", to="pgbench-plain"),
        2,
    ),
    Goal("spread", "holds per commit", 10, "", "at least", _value("spread", "holds_per_commit")),
    Goal("stampede", "the last of 500 answers", 150, "ms", "at most", _value("stampede", "last_answer_ms_p50")),
    Goal("stampede", "statements per seat", 1, "", "at most", _value("stampede", "statements_per_seat")),
    Goal("sell-out", "1,000 seats sold", 2, "s", "at most", _value("sell-out", "sold_s"), 2),
    Goal("quiet", "p50 of a hold", 3, "ms", "at most", _value("quiet", "hold_ms_p50"), 2),
    Goal("browse", "answers per second, against the best form", 10, "x", "at least", _times("browse", "browse_per_s")),
    Goal("browse", "database queries, warm", 0, "", "exactly", _value("browse", "browse_queries"), 2),
    Goal("seats", "seats of 1,000, one reader alone", 5, "ms", "at most", _value("seats", "seats_alone_ms_p50"), 2),
    *(
        goal
        for contender, mode in (("product", "plain"), ("compact", "compact"))
        for goal in (
            Goal(
                "viewers",
                f"change to the last of 1,000 viewers, p50, {mode}",
                25,
                "ms",
                "at most",
                _value("viewers", "last_ms_p50", contender),
            ),
            Goal(
                "viewers",
                f"CPU per delivered frame, {mode}",
                15,
                "µs",
                "at most",
                _value("viewers", "cpu_us_per_frame", contender),
            ),
        )
    ),
    Goal("growth", "CPU per hold, 5 M against 43 k seats", 2, "x", "at most", _value("growth", "hold_growth"), 2),
    Goal("growth", "browse, cold, 5 M against 43 k seats", 2, "x", "at most", _value("growth", "browse_growth"), 2),
    Goal(
        "instances",
        "holds per second of two instances, against one",
        1.3,
        "x",
        "at least",
        _times("instances", "holds_per_s", "two", to="product"),
        2,
    ),
)
