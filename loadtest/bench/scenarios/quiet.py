"""`quiet`: four people on an idle system: what one of them waits."""

from collections.abc import Sequence

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.shop import OpenEvent
from loadtest.bench.plans import Walk
from loadtest.bench.pressing import cpu_values, held_as_answered, latency_values, only, person, press, warm_up
from loadtest.bench.scenario import CPU_METRICS, Metric, Sample, Scenario
from loadtest.bench.terms import Terms

SEATS_OF_ONE_EVENT = 9
"""Of one person; one more than ten, with the warm-up's, would be refused."""


class Quiet(Scenario):
    """See the module."""

    name = "quiet"
    title = "Quiet: four people"
    about = "Four people hold one seat after another, each another one: latency without a queue."
    contenders = ("product", "best", "literal")
    metrics = (
        Metric("hold_ms_p50", "p50", "ms", 2, plotted=True),
        Metric("hold_ms_p99", "p99", "ms", 2),
        Metric("holds_per_s", "holds", "/s"),
        *CPU_METRICS,
    )

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        events, buyers = shop.open_events(terms.events, seats=terms.event_seats), shop.buyers(terms.quiet_users)
        warm_up(shop, events, buyers)
        people = [
            person(shop, number, buyer, [shop.hold_request(buyer, [seat]) for seat in _seats(number, events)])
            for number, buyer in enumerate(buyers)
        ]
        pressed = press(Walk(people, seconds=terms.seconds), shop.processes())
        sales = shop.sales(events)
        shop.close_events(events)
        [answers] = pressed.load.groups
        values = {
            "holds_per_s": answers.count(201) / pressed.load.seconds,
            **latency_values("hold", answers.took_ms(201)),
            **cpu_values(pressed, answers.count(201)),
        }
        return Sample(values, [only(answers, 201), held_as_answered(sales, answers, besides=len(events))])


def _seats(number: int, events: Sequence[OpenEvent]) -> list[int]:
    """The seats of the `number`th person, from event to event."""
    first = number * SEATS_OF_ONE_EVENT
    return [event.first_seat_id + first + turn for turn in range(SEATS_OF_ONE_EVENT) for event in events]
