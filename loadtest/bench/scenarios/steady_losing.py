"""`steady-losing`: everybody wants one seat that somebody has, and keeps asking."""

from loadtest.bench.cast import Cast
from loadtest.bench.plans import Walk
from loadtest.bench.pressing import (
    cpu_values,
    held_as_answered,
    latency_values,
    only,
    person,
    press,
    turned_away,
    warm_up,
)
from loadtest.bench.scenario import CPU_METRICS, GENERATOR_METRICS, TURNED_AWAY_METRIC, Metric, Sample, Scenario
from loadtest.bench.terms import Terms


class SteadyLosing(Scenario):
    """See the module."""

    name = "steady-losing"
    title = "Steady losing: 500 people, one seat that is held"
    about = "500 people ask for the same held seat, each again as soon as they are refused: what a refusal costs."
    contenders = ("product", "best", "literal")
    metrics = (
        Metric("refusals_per_s", "refusals", "/s", plotted=True),
        Metric("refusal_ms_p50", "p50", "ms", 1),
        Metric("refusal_ms_p99", "p99", "ms", 1),
        *CPU_METRICS,
        TURNED_AWAY_METRIC,
        *GENERATOR_METRICS,
    )

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        events, buyers = shop.open_events(1, seats=terms.event_seats), shop.buyers(terms.crowd)
        # Holds the last seat: the one that everybody wants.
        warm_up(shop, events, buyers)
        people = [
            person(shop, number, buyer, [shop.hold_request(buyer, [events[0].seat_ids[-1]])], endlessly=True)
            # The first of them has it.
            for number, buyer in enumerate(buyers[1:])
        ]
        pressed = press(Walk(people, seconds=terms.seconds), shop.processes())
        sales = shop.sales(events)
        shop.close_events(events)
        [answers] = pressed.load.groups
        refusals = answers.count(409)
        values = {
            "refusals_per_s": refusals / pressed.load.seconds,
            "turned_away": turned_away(answers),
            **latency_values("refusal", answers.took_ms(409)),
            **cpu_values(pressed, refusals),
        }
        return Sample(values, [only(answers, 409), held_as_answered(sales, answers, besides=1)])
