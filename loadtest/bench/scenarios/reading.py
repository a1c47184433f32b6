"""What `browse` and `seats` share: one page of the catalogue, asked for by one reader alone, and by many."""

from collections.abc import Sequence

from loadtest.bench.contenders.shop import Shop
from loadtest.bench.crew import Crowd
from loadtest.bench.plans import Person, Walk
from loadtest.bench.pressing import cpu_values, latency_values, only, press
from loadtest.bench.scenario import Metric, Sample
from loadtest.bench.statements import Statement, statements_logged
from loadtest.bench.terms import Terms
from loadtest.report import percentile


def page_metrics(page: str, label: str, *, plotted: bool = False) -> tuple[Metric, ...]:
    """The columns of one page."""
    return (
        Metric(f"{page}_per_s", f"{label}", "/s", plotted=plotted),
        Metric(f"{page}_alone_ms_p50", f"{label}, one reader alone, p50", "ms", 2),
        Metric(f"{page}_ms_p50", f"{label}, many readers, p50", "ms", 1),
        Metric(f"{page}_ms_p99", f"{label}, many readers, p99", "ms", 1),
        Metric(f"{page}_cpu_us", f"{label}, CPU per answer", "µs", plotted=plotted),
        Metric(f"{page}_queries", f"{label}, database queries per answer", "", 2),
    )


def read_page(shop: Shop, page: str, request: bytes, terms: Terms, *, status: int = 200) -> Sample:
    """One reader alone, then many, then once more with PostgreSQL's statements counted."""
    alone = read(shop, [request] * terms.alone)
    people = [Person(shop.catalogue_port, [request], endlessly=True) for _ in range(terms.readers)]
    pressed = press(Walk(people, seconds=terms.seconds), shop.processes())
    [answers] = pressed.load.groups
    queries = count_queries(shop, [request] * terms.alone)
    many = latency_values("", answers.took_ms(status))
    values = {
        f"{page}_per_s": answers.count(status) / pressed.load.seconds,
        f"{page}_alone_ms_p50": percentile(alone, 50),
        f"{page}_ms_p50": many["_ms_p50"],
        f"{page}_ms_p99": many["_ms_p99"],
        f"{page}_cpu_us": cpu_values(pressed, answers.count(status))["cpu_us_total"],
        f"{page}_queries": len(queries) / terms.alone,
    }
    return Sample(values, [only(answers, status)], [f"{page}: {note}" for note in most_asked(queries, terms.alone)])


def read(shop: Shop, requests: list[bytes]) -> list[float]:
    """How long each answer to one reader took, in ms."""
    with Crowd(Walk([Person(shop.catalogue_port, requests)])) as crowd:
        return crowd.run().groups[0].took_ms()


def count_queries(shop: Shop, requests: list[bytes]) -> list[Statement]:
    """What the shop's database is asked for these requests."""
    database = shop.database.url.rpartition("/")[2]
    with statements_logged(shop.database, shop.server_log) as asked:
        read(shop, requests)
    # The booking service looks at its events all the time, whoever reads the catalogue.
    return [one for one in asked if one.database == database and "booking" not in one.application]


def most_asked(statements: Sequence[Statement], operations: int) -> list[str]:
    """For people: how often each statement was asked per operation."""
    counts: dict[str, int] = {}
    for statement in statements:
        counts[statement.text] = counts.get(statement.text, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return [f"{count / operations:.2f} x {text[:200]}" for text, count in ordered[:8]]
