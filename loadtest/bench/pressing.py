"""Shared by the scenarios: press a shop with a plan, with its cost and its commits counted; turn that into values."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loadtest.bench.accounting import Cost, metered
from loadtest.bench.contenders.shop import Buyer, OpenEvent, Sales, Shop
from loadtest.bench.crew import Crowd, GeneratorFailed
from loadtest.bench.plans import Answers, Burst, Load, Person, Walk
from loadtest.model import Check
from loadtest.report import percentile

SETTLE_S = 0.2
"""After the last answer: what a service still does for it (publishing, keeping the gate) is part of its cost."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One measured phase."""

    load: Load
    cost: Cost
    write_transactions: int


def press(plan: Walk | Burst, parts: Mapping[str, Sequence[int]], *, count_writes: Shop | None = None) -> Pressed:
    """Run `plan` against the processes in `parts`."""
    with Crowd(plan) as crowd:
        before = count_writes.write_transactions() if count_writes else 0
        with metered(parts) as cost:
            load = crowd.run()
            time.sleep(SETTLE_S)
        writes = count_writes.write_transactions() - before if count_writes else 0
    return Pressed(load, cost, writes)


def person(
    shop: Shop, number: int, buyer: Buyer, requests: list[bytes], *, confirms: bool = False, endlessly: bool = False
) -> Person:
    """The `number`th person, at their instance."""
    ports = shop.booking_ports
    return Person(
        port=ports[number % len(ports)],
        requests=requests,
        endlessly=endlessly,
        follow_head=shop.confirm_head(buyer) if confirms else b"",
    )


def warm_up(shop: Shop, events: Sequence[OpenEvent], buyers: Sequence[Buyer]) -> None:
    """One hold on the last seat of each event: connections, plans and directories are there when it counts."""
    people = [
        person(shop, number, buyers[number % len(buyers)], [shop.hold_request(buyers[number % len(buyers)], [seat])])
        for number, seat in enumerate(event.seat_ids[-1] for event in events)
    ]
    with Crowd(Walk(people)) as crowd:
        [answers] = crowd.run().groups
    if answers.count(201) != len(people):
        raise GeneratorFailed(f"{shop.title} does not sell: it answers {sorted(set(answers.status))}")


def cpu_values(pressed: Pressed, operations: int) -> dict[str, float]:
    """CPU per operation, and what the generator itself took."""
    values = {f"cpu_us_{part}": value for part, value in pressed.cost.us_per(operations).items()}
    if pressed.load.requests and pressed.load.seconds > 0:
        values["generator_us"] = pressed.load.cpu_s / pressed.load.requests * 1e6
        values["generator_cores"] = pressed.load.cpu_s / pressed.load.seconds
    return values


def latency_values(prefix: str, took_ms: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the longest, of times in ms; nothing when there are none."""
    if not took_ms:
        return {}
    return {
        f"{prefix}_ms_p50": percentile(took_ms, 50),
        f"{prefix}_ms_p99": percentile(took_ms, 99),
        f"{prefix}_ms_max": max(took_ms),
    }


TURNED_AWAY = (0, 429, 503)
"""No answer, or one that says: not now. Costs a place in the table of results, not the verdict."""


def only(answers: Answers, *statuses: int) -> Check:
    """Was every answer one of `statuses`, or not now?"""
    others = sorted({status for status in answers.status if status not in (*statuses, *TURNED_AWAY)})
    expected = " or ".join(map(str, statuses))
    return Check(f"every answer is {expected}", not others, ", ".join(f"{answers.count(s)} x {s}" for s in others))


def turned_away(*columns: Answers) -> float:
    """Per cent of all requests that got no answer, or one that says: not now."""
    away = sum(answers.count(status) for answers in columns for status in TURNED_AWAY)
    return away / max(sum(len(answers.status) for answers in columns), 1) * 100


def unknown(answers: Answers) -> int:
    """How many do not know what became of their request."""
    return answers.count(0) + answers.count(503)


def held_as_answered(sales: Sales, answers: Answers, *, besides: int = 0) -> Check:
    """Does the database hold the seats that somebody was told they hold, and no others? `besides`: the warm-up's."""
    least = answers.count(201) + besides
    most = least + unknown(answers)
    return Check(
        "as many seats are held as people were told so",
        least <= sales.held <= most,
        f"{sales.held}, expected {least}{f' to {most}' if most > least else ''}",
    )


def sold_once(sales: Sales) -> Check:
    """Is no seat in two bookings, and every booked seat in one?"""
    return Check(
        "bookings = distinct seats = booked seats",
        sales.live_bookings == sales.distinct_seats == sales.booked,
        f"{sales.live_bookings}, {sales.distinct_seats}, {sales.booked}",
    )


def booked_as_answered(sales: Sales, confirmations: Answers) -> Check:
    """Are there the bookings that somebody was told of, and no others? For holds of one seat."""
    least = confirmations.count(201)
    return Check(
        "as many bookings as people were told so",
        least <= sales.live_bookings <= least + unknown(confirmations),
        f"{sales.live_bookings}, {least}",
    )
