"""One finished benchmark, as the reports see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loadtest.bench.cast import TITLES
from loadtest.bench.results import Results
from loadtest.bench.scenario import Metric, Scenario


@dataclass(frozen=True, slots=True)
class Run:
    """Everything there is to tell."""

    command: str
    began_at: str
    revision: str
    machine: Mapping[str, str]
    scenarios: Sequence[Scenario]
    results: Results

    @property
    def configuration(self) -> dict[str, str]:
        """The head of a report."""
        return {"command": self.command, "began at": self.began_at, "revision": self.revision, **self.machine}


def columns(scenario: Scenario, results: Results) -> list[tuple[str, list[str]]]:
    """Of each metric that somebody has: its label, and `median (min … max)` of each contender."""
    contenders = list(results.of(scenario.name))
    table = []
    for metric in scenario.metrics:
        cells = [cell(results, scenario.name, contender, metric) for contender in contenders]
        if any(cells):
            label = f"{metric.label}, {metric.unit}" if metric.unit and metric.unit != "/s" else metric.label
            table.append((label + (" per second" if metric.unit == "/s" else ""), cells))
    return table


def cell(results: Results, scenario: str, contender: str, metric: Metric) -> str:
    """`median (min … max)`; the median alone of one round; empty: not measured."""
    summary = results.summary(scenario, contender, metric.name)
    if summary is None:
        return ""
    shown = f"{summary.median:,.{metric.digits}f}"
    if summary.rounds == 1:
        return shown
    return f"{shown} ({summary.min:,.{metric.digits}f} … {summary.max:,.{metric.digits}f})"


def titles(scenario: Scenario, results: Results) -> list[str]:
    """Of the contenders that took part."""
    return [TITLES[name] for name in results.of(scenario.name)]
