"""`flash-sale`: an arena of 20,000 seats, thousands of buyers at once, families together."""

from collections.abc import Iterator
from random import Random

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.shop import OpenEvent
from loadtest.bench.plans import Walk
from loadtest.bench.pressing import cpu_values, latency_values, only, person, press, sold_once, turned_away
from loadtest.bench.scenario import CPU_METRICS, GENERATOR_METRICS, TURNED_AWAY_METRIC, Metric, Sample, Scenario
from loadtest.bench.terms import Terms

TRIES = 4
"""A buyer whose seats are gone tries others this often, and holds what they get each time."""
LARGEST_GROUP = 6


class FlashSale(Scenario):
    """See the module."""

    name = "flash-sale"
    title = "Flash sale: 20,000 seats, thousands of buyers, groups of one to six"
    about = (
        "4,000 people, each on a connection of their own, hold groups of 1 to 6 neighbouring seats of one event, all "
        "or none, and confirm what they get; four tries each, most of them near the stage, so that many collide."
    )
    contenders = ("product",)
    metrics = (
        Metric("seats_sold_per_s", "seats sold", "/s", plotted=True),
        Metric("all_s", "everybody served after", "s", 2),
        Metric("seats_sold", "seats sold", "seats"),
        Metric("refused_share", "tries refused", "%"),
        Metric("hold_ms_p50", "hold p50", "ms", 1),
        Metric("hold_ms_p99", "hold p99", "ms", 1),
        Metric("confirm_ms_p50", "confirm p50", "ms", 1),
        *CPU_METRICS,
        TURNED_AWAY_METRIC,
        *GENERATOR_METRICS,
    )

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        events, buyers = shop.open_events(1, seats=terms.arena_seats), shop.buyers(terms.buyers)
        chance = Random("flash sale")  # noqa: S311 - the same groups in every round
        people = [
            person(
                shop,
                number,
                buyer,
                [shop.hold_request(buyer, group) for group in _groups(events[0], chance)],
                confirms=True,
            )
            for number, buyer in enumerate(buyers)
        ]
        pressed = press(Walk(people, follow=shop.confirm), shop.processes())
        sales = shop.sales(events)
        shop.close_events(events)
        [holds], confirmations = pressed.load.groups, pressed.load.followed
        values = {
            "seats_sold_per_s": sales.booked / pressed.load.seconds,
            "all_s": pressed.load.seconds,
            "seats_sold": float(sales.booked),
            "turned_away": turned_away(holds, confirmations),
            "refused_share": holds.count(409) / max(len(holds.status), 1) * 100,
            **latency_values("hold", holds.took_ms()),
            **latency_values("confirm", confirmations.took_ms(201)),
            **cpu_values(pressed, sales.booked),
        }
        # How many seats the confirmed groups have is in their answers, which nobody has kept: the auditor adds them up.
        return Sample(values, [only(holds, 201, 409), only(confirmations, 201), sold_once(sales)])


def _groups(event: OpenEvent, chance: Random) -> Iterator[list[int]]:
    for _ in range(TRIES):
        size = chance.randint(1, LARGEST_GROUP)
        # Seats near the stage are wanted most.
        place = int(chance.random() ** 2 * (event.seat_count - size))
        yield list(range(event.first_seat_id + place, event.first_seat_id + place + size))
