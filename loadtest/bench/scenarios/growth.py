"""`growth`: what a hold and a page of the catalogue cost when there are a hundred times as many seats."""

from statistics import median

from loadtest.bench.cast import Cast
from loadtest.bench.scenario import Metric, Sample, Scenario
from loadtest.bench.scenarios.reading import read
from loadtest.bench.scenarios.spread import hold_everywhere
from loadtest.bench.terms import Terms
from loadtest.model import Check
from loadtest.report import percentile


def _metrics(size: int) -> tuple[Metric, ...]:
    return (
        Metric(f"seats_{size}", f"size {size + 1}: seats", ""),
        Metric(f"hold_cpu_us_{size}", f"size {size + 1}: CPU per hold", "µs"),
        Metric(f"browse_cold_ms_{size}", f"size {size + 1}: browse, cold, p50", "ms", 2),
    )


class Growth(Scenario):
    """See the module."""

    name = "growth"
    title = "Growth: the same work among more and more seats"
    about = (
        "The holds of `spread` and the catalogue's first page, cold, first among the sample data's 94,000 seats, then "
        "after SQL has added events until there are a million, then five. All rounds of one size come before the next."
    )
    contenders = ("product",)
    metrics = (
        *(metric for size in (0, 1, 2) for metric in _metrics(size)),
        Metric("hold_growth", "CPU per hold, largest against smallest", "x", 2, plotted=True),
        Metric("browse_growth", "browse, cold, largest against smallest", "x", 2),
    )
    compares_checkouts = False
    by_default = False

    def rounds(self, terms: Terms) -> int:
        """A table grows only once."""
        return 1

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        product = cast.product
        values: dict[str, float] = {}
        checks: list[Check] = []
        for number, size in enumerate((0, *terms.sizes)):
            if size:
                product.fill(size, event_seats=terms.event_seats)
            values[f"seats_{number}"] = float(product.seat_total())
            rounds = [hold_everywhere(product, terms) for _ in range(terms.rounds)]
            page = product.pages(cast.standing_event(contender, terms.event_seats))["browse"]
            cold = []
            for _ in range(terms.alone):
                product.forget_pages()
                cold += read(product, [page])
            checks += [check for sample in rounds for check in sample.checks]
            values[f"hold_cpu_us_{number}"] = median(sample.values["cpu_us_total"] for sample in rounds)
            values[f"browse_cold_ms_{number}"] = percentile(cold, 50)
        last = len(terms.sizes)
        values["hold_growth"] = values[f"hold_cpu_us_{last}"] / max(values["hold_cpu_us_0"], 1e-9)
        values["browse_growth"] = values[f"browse_cold_ms_{last}"] / values["browse_cold_ms_0"]
        return Sample(values, checks)
