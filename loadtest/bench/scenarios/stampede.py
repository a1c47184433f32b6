"""`stampede`: everybody wants the same seat at the same instant."""

from collections.abc import Sequence

from loadtest.bench.cast import Cast
from loadtest.bench.contenders.shop import Buyer, Shop
from loadtest.bench.crew import Crowd
from loadtest.bench.plans import Answers, Burst
from loadtest.bench.pressing import cpu_values, held_as_answered, only, person, press, turned_away, warm_up
from loadtest.bench.scenario import CPU_METRICS, TURNED_AWAY_METRIC, Metric, Sample, Scenario
from loadtest.bench.scenarios.reading import most_asked
from loadtest.bench.statements import Statement, statements_logged
from loadtest.bench.terms import Terms
from loadtest.model import Check
from loadtest.report import percentile

COUNTED_SEATS = 5
"""Fought for once more, with PostgreSQL's statements counted."""
SEATS_BESIDE = 10
"""Seats of an event of which one is fought for."""


class Stampede(Scenario):
    """See the module."""

    name = "stampede"
    title = "Stampede: 500 people, one seat"
    about = (
        "500 people send a hold for one seat at the same instant; when all are answered, for the next one. Exactly one "
        "of each 500 may win. Times run from that one instant, so they include the writing of all 500 requests."
    )
    contenders = ("product", "best", "literal")
    metrics = (
        Metric("last_answer_ms_p50", "last answer", "ms", 1, plotted=True),
        Metric("last_answer_ms_max", "slowest last answer", "ms", 1),
        Metric("winner_ms_p50", "winner p50", "ms", 1),
        Metric("loser_ms_p50", "losers p50", "ms", 1),
        Metric("loser_ms_p99", "losers p99", "ms", 1),
        Metric("answers_per_s", "answers", "/s"),
        *CPU_METRICS,
        TURNED_AWAY_METRIC,
        Metric("writes_per_seat", "write transactions per seat", "", 1),
        Metric("statements_per_seat", "statements per seat", "", 1),
    )

    def round(self, contender: str, cast: Cast, terms: Terms) -> Sample:
        """See Scenario."""
        shop = cast.shop(contender)
        # Each seat of an event of its own: who is always the first would soon be at the limit of what one may hold.
        events = shop.open_events(terms.fought_seats + COUNTED_SEATS, seats=SEATS_BESIDE)
        buyers = shop.buyers(terms.crowd)
        warm_up(shop, events, buyers)
        seats = [event.seat_ids[0] for event in events]
        people = [
            person(shop, number, buyer, [shop.hold_request(buyer, [seat]) for seat in seats[: terms.fought_seats]])
            for number, buyer in enumerate(buyers)
        ]
        pressed = press(Burst(people), shop.processes(), count_writes=shop)
        statements = _statements(shop, buyers, seats[terms.fought_seats :])
        sales = shop.sales(events)
        shop.close_events(events)
        bursts = pressed.load.groups
        everything = Answers(status=[status for answers in bursts for status in answers.status])
        last_ms = [max(answers.took_ms()) for answers in bursts]
        losers_ms = [took for answers in bursts for took in answers.took_ms(409)]
        winners_ms = [took for answers in bursts for took in answers.took_ms(201)]
        values = {
            "last_answer_ms_p50": percentile(last_ms, 50),
            "last_answer_ms_max": max(last_ms),
            "answers_per_s": pressed.load.requests / pressed.load.seconds,
            "turned_away": turned_away(everything),
            "statements_per_seat": len(statements) / COUNTED_SEATS,
            "writes_per_seat": pressed.write_transactions / terms.fought_seats,
            **cpu_values(pressed, pressed.load.requests),
        }
        if winners_ms and losers_ms:
            values["winner_ms_p50"] = percentile(winners_ms, 50)
            values["loser_ms_p50"], values["loser_ms_p99"] = percentile(losers_ms, 50), percentile(losers_ms, 99)
        return Sample(
            values,
            [
                _one_winner(bursts),
                only(everything, 201, 409),
                # Each counted seat has its winner, too.
                held_as_answered(sales, everything, besides=len(events) + COUNTED_SEATS),
            ],
            most_asked(statements, COUNTED_SEATS),
        )


def _statements(shop: Shop, buyers: Sequence[Buyer], seats: Sequence[int]) -> list[Statement]:
    """What PostgreSQL is asked for a burst on each of `seats`. Nothing of it is timed."""
    people = [
        person(shop, number, buyer, [shop.hold_request(buyer, [seat]) for seat in seats])
        for number, buyer in enumerate(buyers)
    ]
    database = shop.database.url.rpartition("/")[2]
    with Crowd(Burst(people)) as crowd, statements_logged(shop.database, shop.server_log) as asked:
        crowd.run()
    return [statement for statement in asked if statement.database == database]


def _one_winner(bursts: list[Answers]) -> Check:
    winners = [answers.count(201) for answers in bursts]
    return Check("each seat has exactly one winner", set(winners) == {1}, f"winners: {winners}")
