"""`seats`: what a seat map asks for: the statuses of 1,000 seats, and the plan of the room."""

from loadtest.bench.cast import Cast
from loadtest.bench.scenario import Sample, Scenario
from loadtest.bench.scenarios.reading import page_metrics, read_page
from loadtest.bench.terms import Terms

_STATUSES = {"seats": 200, "plan": 200, "plan_again": 304}


class Seats(Scenario):
    """See the module."""

    name = "seats"
    title = "Seats: one event of 1,000"
    about = (
        "50 readers ask for the seats of one event, for its seat plan, and for the plan that they have already "
        "(If-None-Match, answered by 304); before that, one reader alone."
    )
    contenders = ("product", "best", "literal")
    metrics = (
        *page_metrics("seats", "seats", plotted=True),
        *page_metrics("plan", "seat plan"),
        *page_metrics("plan_again", "seat plan, not modified"),
    )
    writes = False

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        pages = shop.pages(cast.standing_event(contender, terms.event_seats))
        samples = [
            read_page(shop, name, pages[name], terms, status=status)
            for name, status in _STATUSES.items()
            if name in pages
        ]
        return Sample(
            {name: value for sample in samples for name, value in sample.values.items()},
            [check for sample in samples for check in sample.checks],
            [note for sample in samples for note in sample.notes],
        )
