"""`spread`: many people, many seats, nobody in anybody's way. Every hold is a durable write."""

from collections.abc import Sequence
from uuid import uuid4

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.pgbench import SCRIPTS, drive
from loadtest.bench.contenders.shop import OpenEvent, Shop
from loadtest.bench.crew import Audience
from loadtest.bench.plans import Person, Walk, Watch
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
from loadtest.model import Check


class Spread(Scenario):
    """See the module."""

    name = "spread"
    title = "Spread: every hold another seat"
    about = (
        "200 people hold seats of 40 events with 1,000 seats each, one after another, each seat once. Some viewers "
        "watch. Every hold is a commit that waits for the disk."
    )
    contenders = ("product", "keys", "best", "literal", "pgbench", "pgbench-plain", "bare")
    metrics = (
        Metric("holds_per_s", "holds", "/s", plotted=True),
        Metric("hold_ms_p50", "p50", "ms", 1),
        Metric("hold_ms_p99", "p99", "ms", 1),
        Metric("hold_ms_mean", "mean", "ms", 1),
        *CPU_METRICS,
        Metric("holds_per_commit", "holds per commit", "", 1),
        TURNED_AWAY_METRIC,
        *GENERATOR_METRICS,
    )

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        if contender == "bare":
            return _bare(cast, terms)
        if contender in SCRIPTS:
            return _pgbench(cast, contender, terms)
        return hold_everywhere(cast.shop(contender), terms, with_keys=contender == "keys")


def hold_everywhere(shop: Shop, terms: Terms, *, with_keys: bool = False) -> Sample:
    """One round of one shop."""
    events, buyers = shop.open_events(terms.events, seats=terms.event_seats), shop.buyers(terms.users)
    warm_up(shop, events, buyers)
    plan = Walk(_people(shop, events, terms, with_keys=with_keys), seconds=terms.seconds)
    with Audience(_watch(shop, events, terms)) as audience:
        audience.begin()
        pressed = press(plan, shop.processes(), count_writes=shop)
        audience.dismiss()
    sales = shop.sales(events)
    shop.close_events(events)
    [answers] = pressed.load.groups
    holds = answers.count(201)
    values = {
        "holds_per_s": holds / pressed.load.seconds,
        **latency_values("hold", answers.took_ms(201)),
        **cpu_values(pressed, holds),
        "turned_away": turned_away(answers),
        "holds_per_commit": holds / max(pressed.write_transactions, 1),
    }
    return Sample(values, [only(answers, 201), held_as_answered(sales, answers, besides=len(events))])


def _pgbench(cast: Cast, contender: str, terms: Terms) -> Sample:
    """PostgreSQL alone, with the tables of the product or of the reference."""
    shop = cast.shop("product" if contender == "pgbench" else "best")
    events = shop.open_events(terms.events, seats=terms.event_seats)
    driven = drive(shop, SCRIPTS[contender], events, shop.buyers(terms.users), seconds=terms.seconds)
    sales = shop.sales(events)
    shop.close_events(events)
    return Sample(
        {
            "holds_per_s": driven.tps,
            "hold_ms_mean": driven.latency_ms,
            **{f"cpu_us_{part}": value for part, value in driven.cost.us_per(driven.transactions).items()},
            "holds_per_commit": 1.0,
        },
        [Check("every transaction held a seat", sales.held == driven.pilots + driven.transactions, f"{sales.held}")],
        ["of pgbench's CPU time only PostgreSQL's is counted"],
    )


def _bare(cast: Cast, terms: Terms) -> Sample:
    # The same requests as the product's, tokens included.
    buyers = cast.product.buyers(terms.users)
    requests = [cast.product.hold_request(buyer, [number]) for number, buyer in enumerate(buyers, start=1)]
    plan = Walk([Person(cast.bare.port, [one], endlessly=True) for one in requests], seconds=terms.seconds)
    pressed = press(plan, cast.bare.processes())
    [answers] = pressed.load.groups
    return Sample(
        {
            "holds_per_s": answers.count(201) / pressed.load.seconds,
            **latency_values("hold", answers.took_ms(201)),
            **cpu_values(pressed, answers.count(201)),
        },
        [only(answers, 201)],
    )


def _people(shop: Shop, events: Sequence[OpenEvent], terms: Terms, *, with_keys: bool) -> list[Person]:
    people = []
    for number, buyer in enumerate(shop.buyers(terms.users)):
        seats = seats_of(number, events, people=terms.users)
        requests = [shop.hold_request(buyer, [seat], key=str(uuid4()) if with_keys else "") for seat in seats]
        people.append(person(shop, number, buyer, requests))
    return people


def seats_of(number: int, events: Sequence[OpenEvent], *, people: int) -> list[int]:
    """The seats of the `number`th of `people`: all seats but the warm-up's are somebody's, and each person goes from
    event to event, because nobody may hold many seats of one.
    """
    places = len(events) * (min(event.seat_count for event in events) - 1)
    seats = []
    for turn in range(places // people):
        place = turn * people + (number + turn) % people
        event = events[place % len(events)]
        seats.append(event.first_seat_id + place // len(events))
    return seats


def _watch(shop: Shop, events: Sequence[OpenEvent], terms: Terms) -> Watch:
    ports = shop.booking_ports
    return Watch(
        [
            (ports[number % len(ports)], shop.viewer_path(events[number % len(events)].event_id))
            for number in range(terms.spread_viewers)
        ]
    )
