"""What came out: samples by scenario, contender and round, and the medians over rounds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from loadtest.bench.scenario import Sample
from loadtest.model import Check


@dataclass(frozen=True, slots=True)
class Summary:
    """One metric of one contender over its rounds."""

    median: float
    min: float
    max: float
    rounds: int


@dataclass(slots=True)
class Results:
    """Filled in as the rounds go by."""

    samples: dict[str, dict[str, list[Sample]]] = field(default_factory=dict)
    audits: dict[str, Check] = field(default_factory=dict)
    """What the auditor said of the product's database after each scenario that writes."""

    def add(self, scenario: str, contender: str, sample: Sample) -> None:
        """One more round."""
        self.samples.setdefault(scenario, {}).setdefault(contender, []).append(sample)

    def of(self, scenario: str) -> Mapping[str, Sequence[Sample]]:
        """The samples of each contender."""
        return self.samples.get(scenario, {})

    def summary(self, scenario: str, contender: str, metric: str) -> Summary | None:
        """Median, smallest and largest; `None`: it was not measured."""
        values = self.values(scenario, contender, metric)
        return Summary(median(values), min(values), max(values), len(values)) if values else None

    def values(self, scenario: str, contender: str, metric: str) -> list[float]:
        """In the order of the rounds."""
        samples = self.of(scenario).get(contender, ())
        return [sample.values[metric] for sample in samples if metric in sample.values]

    def ratio(self, scenario: str, metric: str, contender: str, to: str) -> Summary | None:
        """`contender` over `to`, round by round: a busy minute of the machine hits both sides of one round alike."""
        pairs = zip(self.values(scenario, contender, metric), self.values(scenario, to, metric), strict=False)
        ratios = [one / other for one, other in pairs if other]
        return Summary(median(ratios), min(ratios), max(ratios), len(ratios)) if ratios else None

    def failed_checks(self) -> Iterator[str]:
        """A line for each check that does not hold, whoever it was; and for each audit with findings."""
        for scenario, contenders in self.samples.items():
            for contender, samples in contenders.items():
                for number, sample in enumerate(samples, start=1):
                    for check in sample.checks:
                        if not check.passed:
                            yield f"{scenario}, {contender}, round {number}: {check.sentence} (seen: {check.seen})"
        for scenario, check in self.audits.items():
            if not check.passed:
                yield f"after {scenario}: {check.sentence} (seen: {check.seen})"

    def product_is_right(self) -> bool:
        """Did every check of the product hold, audits included? What a reference sells twice is its own shame."""
        samples = [
            sample for of in self.samples.values() for name in ("product", "keys") for sample in of.get(name, ())
        ]
        checks = [check for sample in samples for check in sample.checks] + list(self.audits.values())
        return all(check.passed for check in checks)
