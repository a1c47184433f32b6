"""`browse`: the catalogue's pages, from the cache and not."""

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.shop import Shop
from loadtest.bench.scenario import Metric, Sample, Scenario
from loadtest.bench.scenarios.reading import page_metrics, read, read_page
from loadtest.bench.terms import Terms
from loadtest.report import percentile


class Browse(Scenario):
    """See the module."""

    name = "browse"
    title = "Browse: the first page of what is on, and a movie's showtimes"
    about = (
        "50 readers ask for the same page again and again, each on one connection: answers from the cache. Cold: the "
        "cache is emptied before each request of one reader. Database queries are those of PostgreSQL's own log."
    )
    contenders = ("product", "best", "literal")
    metrics = (
        *page_metrics("browse", "browse", plotted=True),
        Metric("browse_cold_ms_p50", "browse, cold, p50", "ms", 2),
        *page_metrics("showtimes", "showtimes"),
    )
    writes = False

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        pages = shop.pages(cast.standing_event(contender, terms.event_seats))
        samples = [read_page(shop, name, pages[name], terms) for name in ("browse", "showtimes") if name in pages]
        cold = [_cold(shop, pages["browse"]) for _ in range(min(terms.alone, 10))]
        return Sample(
            {name: value for sample in samples for name, value in sample.values.items()}
            | {"browse_cold_ms_p50": percentile(cold, 50)},
            [check for sample in samples for check in sample.checks],
            [note for sample in samples for note in sample.notes],
        )


def _cold(shop: Shop, request: bytes) -> float:
    shop.forget_pages()
    [took_ms] = read(shop, [request])
    return took_ms
