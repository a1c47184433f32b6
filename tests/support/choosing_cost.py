"""What choosing seats costs: time of one core for each question, by how full a house of 20,000 is.

    python -m tests.support.choosing_cost --quantity 8 --questions 200

starts servers of its own, puts one event on sale again and again, each time fuller, and asks what POST /best-available,
POST /hold-seat and a refusal ask of the service, without HTTP.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from statistics import median

import asyncpg
import msgspec

from booking_service.choosing.alternatives import NearestBlocks
from booking_service.choosing.asked import Asked
from booking_service.choosing.catalog import Catalog
from booking_service.choosing.scenes import Scenes
from booking_service.choosing.service import Choosing, wish_of
from booking_service.gate.seat_gate import NoGate
from booking_service.holds.service import HoldService
from booking_service.live import LiveLimits, open_hub
from booking_service.seat_directory import SeatDirectory
from booking_service.settings import BookingSettings
from booking_service.transactions import Writer
from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.support.apps import environ
from tests.support.plans import Members, plan, row, seated
from tests.support.world import Venue, World

SEATS = 20_000
ROWS, BLOCKS, PER_BLOCK = 200, 4, 25

# Which places are taken.
HOUSES: Mapping[str, Callable[[Random, int], bool]] = {
    "empty": lambda rng, place: False,
    "half full": lambda rng, place: rng.random() < 0.5,
    "nine of ten taken": lambda rng, place: rng.random() < 0.9,
    "98 of 100 taken": lambda rng, place: rng.random() < 0.98,
    "every second seat taken": lambda rng, place: place % 2 == 0,
}


def _arena() -> Members:
    """Two hundred rows of four blocks of twenty-five, with aisles between them."""
    gaps = [[PER_BLOCK * block - 1, 2] for block in range(1, BLOCKS)]
    rows = (
        row(BLOCKS * PER_BLOCK, label=f"R{nth}-", y=5 + nth, category="near" if nth < ROWS // 3 else "far", gaps=gaps)
        for nth in range(ROWS)
    )
    return plan(seated(*rows), categories=("near", "far"), focal=(BLOCKS * PER_BLOCK / 2, 0))


async def _measured(ask: Callable[[int], Awaitable[object]], questions: int) -> list[float]:
    """Milliseconds of this process's CPU for each of the questions, after the first, which fills memory."""
    await ask(0)
    took = []
    for nth in range(1, questions + 1):
        begun = time.process_time()
        await ask(nth)
        took.append(1000 * (time.process_time() - begun))
    return took


async def _measure(database_url: str, redis_url: str, *, quantity: int, questions: int) -> None:
    connection = await asyncpg.connect(database_url)
    world = World(connection)
    for name, is_taken in HOUSES.items():
        rng = Random(7)  # noqa: S311 - the same house each time
        venue = await world.event(plan=_arena(), prices={"near": 9000, "far": 3000})
        taken = [seat_id for place, seat_id in enumerate(venue.seat_ids) if is_taken(rng, place)]
        await connection.execute("UPDATE seats SET status = 'blocked', version = version + 1 WHERE id = ANY($1)", taken)
        await _measure_house(name, venue, database_url, redis_url, quantity=quantity, questions=questions)
    await connection.close()


async def _measure_house(
    name: str, venue: Venue, database_url: str, redis_url: str, *, quantity: int, questions: int
) -> None:
    settings = BookingSettings(**environ(database_url=database_url, redis_url=redis_url))  # type: ignore[arg-type]
    async with (
        asyncpg.create_pool(database_url, min_size=1, max_size=4) as pool,
        open_hub(pool=pool, redis_url=redis_url, limits=LiveLimits(heal_interval_s=3600)) as hub,
    ):
        scenes = Scenes(Catalog(pool), hub, rng=Random(7), monotonic=time.monotonic)  # noqa: S311 - see above
        holds = HoldService(
            pool=pool,
            writer=Writer(pool, hub, pool_wait_s=5),
            gate=NoGate(),
            directory=SeatDirectory(pool),
            note_end=lambda ends_in_s: None,
            settings=settings,
        )
        choosing, nearest = Choosing(scenes, holds), NearestBlocks(scenes)
        asked = Asked(venue.event_id, quantity)

        async def offers(_nth: int) -> object:
            return msgspec.json.encode(await choosing.offers(asked))

        async def one_block(_nth: int) -> object:
            scene = await scenes.open(venue.event_id)
            return scene.best(wish_of(scene, asked), most=1)

        async def alternative(nth: int) -> object:
            first = nth * 97 % (SEATS - quantity)
            wanted = venue.seat_ids[first : first + quantity]
            refused = [{"seat_id": seat_id, "status": "held"} for seat_id in wanted]
            return await nearest.instead_of(venue.event_id, wanted, refused)

        begun = time.perf_counter()
        await offers(0)
        first_ms = 1000 * (time.perf_counter() - begun)
        sys.stdout.write(f"{name}: the very first question {first_ms:.0f} ms\n")
        for what, ask in (("offers", offers), ("one block", one_block), ("alternative", alternative)):
            took = await _measured(ask, questions)
            slow = sorted(took)[int(len(took) * 0.99)]
            sys.stdout.write(
                f"    {what:12} p50 {median(took):6.2f} ms   p99 {slow:6.2f} ms   max {max(took):6.2f} ms\n"
            )


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.choosing_cost", description=__doc__)
    parser.add_argument("--quantity", type=int, default=8)
    parser.add_argument("--questions", type=int, default=200, help="of each kind, in each house (default 200)")
    arguments = parser.parse_args(words)
    with Servers() as servers:
        url = servers.database("choosing_cost")
        upgrade(url)
        asyncio.run(_measure(url, servers.redis_url, quantity=arguments.quantity, questions=arguments.questions))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
