"""`instances`: the holds of `spread` over one booking instance, and over two."""

from loadtest.bench.cast import Cast
from loadtest.bench.scenario import CPU_METRICS, Metric, Sample, Scenario
from loadtest.bench.scenarios.spread import hold_everywhere
from loadtest.bench.terms import Terms


class Instances(Scenario):
    """See the module."""

    name = "instances"
    title = "Instances: one booking service, and two"
    about = (
        "The holds of `spread`, all sent to one instance, or dealt out over two on the same machine. Each needs "
        "a core to itself to be worth it; PostgreSQL, Redis and the load want one as well."
    )
    contenders = ("product", "two")
    metrics = (
        Metric("holds_per_s", "holds", "/s", plotted=True),
        Metric("hold_ms_p50", "p50", "ms", 1),
        Metric("hold_ms_p99", "p99", "ms", 1),
        *CPU_METRICS,
        Metric("holds_per_commit", "holds per commit", "", 1),
    )
    instances = 2
    compares_checkouts = False

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        return hold_everywhere(cast.shop(contender), terms)
