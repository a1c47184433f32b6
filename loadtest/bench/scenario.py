"""What a scenario is. To add one, write a file in `scenarios/` and put it into `scenarios/__init__.py`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loadtest.bench.cast import Cast
from loadtest.bench.terms import Terms
from loadtest.model import Check


@dataclass(frozen=True, slots=True)
class Metric:
    """One column of a scenario's table. `plotted`: it has bars on the page, too."""

    name: str
    label: str
    unit: str
    digits: int = 0
    plotted: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What one contender did in one round. `values` by the names of metrics; a missing one was not measured."""

    values: Mapping[str, float]
    checks: Sequence[Check] = ()
    notes: Sequence[str] = ()
    """What explains a value, such as the statements behind a count; those of the last round are told."""


class Scenario(ABC):
    """Something that is done to several contenders in turn."""

    name: str
    title: str
    about: str
    """What is done and what is counted, in two or three sentences."""
    contenders: Sequence[str]
    """In the order in which they take their turns in a round; the product first."""
    metrics: Sequence[Metric]
    instances: int = 1
    """Of the booking service, at least."""
    compares_checkouts: bool = True
    """Can another checkout take part?"""
    by_default: bool = True
    """Does it run when no scenario is named?"""
    writes: bool = True
    """Is there something to audit after it?"""

    def rounds(self, terms: Terms) -> int:
        """How often each contender has its turn."""
        return terms.rounds

    @abstractmethod
    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """Prepare, measure, check, tidy up."""


CPU_METRICS = (
    Metric("cpu_us_total", "CPU per operation", "µs", plotted=True),
    Metric("cpu_us_service", "of it services", "µs"),
    Metric("cpu_us_postgres", "PostgreSQL", "µs"),
    Metric("cpu_us_redis", "Redis", "µs"),
)
TURNED_AWAY_METRIC = Metric("turned_away", "turned away (429, 503, no answer), %", "", 1)
GENERATOR_METRICS = (
    Metric("generator_us", "generator's CPU per request", "µs", 1),
    Metric("generator_cores", "generator's share of a core", "", 2),
)
