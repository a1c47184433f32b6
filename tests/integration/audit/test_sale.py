"""A sale of everything that people do, at random and at once: nothing is found while it goes on, nor after it."""

import asyncio

from audit.inspection import Report, Terms, inspect
from audit.invariant import all_invariants
from tests.integration.audit.conftest import HOLD_LIMIT
from tests.integration.audit.shop import Shop
from tests.support.patience import until

TERMS = Terms(hold_limit=HOLD_LIMIT, scratch=True)


def problems(report: Report) -> list[str]:
    return [f"{one.invariant.name}: {one.error or one.rows}" for one in (*report.findings, *report.errors)]


async def test_a_random_sale_is_healthy_while_it_goes_on_and_after_it(shop: Shop, clean_database: str) -> None:
    venue, doomed = await shop.world.event(seats=15), await shop.world.event(seats=8)
    people = [await shop.world.person() for _ in range(5)]
    organiser = await shop.world.person(role="admin")
    sale = asyncio.gather(
        *(shop.sell_at_random(person, venue, steps=40, seed=n) for n, person in enumerate(people)),
        *(shop.sell_at_random(person, doomed, steps=15, seed=n) for n, person in enumerate(people)),
    )

    reports = []
    while not sale.done():
        reports.append(await asyncio.to_thread(inspect, clean_database, all_invariants(), TERMS))
        await asyncio.sleep(0.1)
    await sale
    await shop.delete(organiser, doomed)
    reports.append(await asyncio.to_thread(inspect, clean_database, all_invariants(), TERMS))

    assert [problem for report in reports for problem in problems(report)] == []
    assert len(reports) > 3
    steps = await shop.world.connection.fetch(
        "SELECT DISTINCT old_status || '>' || new_status AS step FROM seat_log WHERE event_id = $1", venue.event_id
    )
    assert {row["step"] for row in steps} >= {
        "available>held",
        "held>held",
        "held>booked",
        "held>available",
        "booked>available",
    }


async def test_ended_holds_are_swept_and_then_everything_is_still_healthy(shop: Shop, clean_database: str) -> None:
    venue, ann = await shop.world.event(seats=2), await shop.world.person()
    await shop.hold(ann, *venue.seat_ids)

    async def swept() -> bool:
        return [row["new_status"] for row in await shop.world.ledger(venue.seat_ids[0])] == ["held", "available"]

    await until(swept)

    report = await asyncio.to_thread(inspect, clean_database, all_invariants(), TERMS)
    assert problems(report) == []
