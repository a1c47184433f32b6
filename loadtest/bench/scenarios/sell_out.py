"""`sell-out`: one event of 1,000 seats, sold to the last."""

from random import Random

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.shop import OpenEvent
from loadtest.bench.plans import Walk
from loadtest.bench.pressing import (
    booked_as_answered,
    cpu_values,
    latency_values,
    only,
    person,
    press,
    sold_once,
    turned_away,
)
from loadtest.bench.scenario import CPU_METRICS, GENERATOR_METRICS, TURNED_AWAY_METRIC, Metric, Sample, Scenario
from loadtest.bench.terms import Terms
from loadtest.model import Check


class SellOut(Scenario):
    """See the module."""

    name = "sell-out"
    title = "Sell-out: 1,000 seats, 200 people"
    about = (
        "200 people try for 60 seats each of an event with 1,000, and confirm at once what they get: 12,000 tries, "
        "1,000 sales. Each seat is wanted by about twelve of them."
    )
    contenders = ("product", "best", "literal")
    metrics = (
        Metric("sold_s", "all seats sold after", "s", 2, plotted=True),
        Metric("all_s", "all tries answered after", "s", 2),
        Metric("requests_per_s", "requests", "/s"),
        Metric("hold_ms_p50", "hold p50", "ms", 1),
        Metric("hold_ms_p99", "hold p99", "ms", 1),
        Metric("confirm_ms_p50", "confirm p50", "ms", 1),
        Metric("confirm_ms_p99", "confirm p99", "ms", 1),
        *CPU_METRICS,
        Metric("cpu_ms_per_sale", "CPU per sale, losers included", "ms", 2),
        TURNED_AWAY_METRIC,
        *GENERATOR_METRICS,
    )

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        buyers = shop.buyers(terms.users)
        events = shop.open_events(1, seats=terms.event_seats)
        people = [
            person(shop, number, buyer, [shop.hold_request(buyer, [seat]) for seat in seats], confirms=True)
            for number, (buyer, seats) in enumerate(zip(buyers, wishes(events[0], terms), strict=True))
        ]
        pressed = press(Walk(people, follow=shop.confirm), shop.processes())
        sales = shop.sales(events)
        shop.close_events(events)
        [holds], confirmations = pressed.load.groups, pressed.load.followed
        sold_at = [
            at for status, at in zip(confirmations.status, confirmations.arrived_at, strict=True) if status == 201
        ]
        away = turned_away(holds, confirmations)
        values = {
            "turned_away": away,
            "all_s": pressed.load.seconds,
            "requests_per_s": pressed.load.requests / pressed.load.seconds,
            **latency_values("hold", holds.took_ms()),
            **latency_values("confirm", confirmations.took_ms(201)),
            **cpu_values(pressed, pressed.load.requests),
            "cpu_ms_per_sale": pressed.cost.total_s / max(len(sold_at), 1) * 1000,
        }
        if len(sold_at) == terms.event_seats:
            values["sold_s"] = max(sold_at) - pressed.load.began_at
        return Sample(
            values,
            [
                only(holds, 201, 409),
                only(confirmations, 201),
                sold_once(sales),
                booked_as_answered(sales, confirmations),
                # Who was turned away does not ask again here, so then a seat may be left.
                Check("every seat is sold", sales.booked == terms.event_seats or away > 0, f"{sales.booked}"),
            ],
        )


def wishes(event: OpenEvent, terms: Terms) -> list[list[int]]:
    """What each person tries for, in their own order: each seat is on one list at least, and on about as many as
    `terms.tries_per_seat` says.
    """
    chance = Random("wishes")  # noqa: S311 - the same wishes in every round
    lists: list[list[int]] = [[] for _ in range(terms.users)]
    for place, seat in enumerate(event.seat_ids):
        lists[place % terms.users].append(seat)
    for wanted in lists:
        more = max(0, event.seat_count * terms.tries_per_seat // terms.users - len(wanted))
        wanted += chance.choices(event.seat_ids, k=more)
        chance.shuffle(wanted)
    return lists
