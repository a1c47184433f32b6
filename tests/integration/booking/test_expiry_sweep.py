"""Ended holds are freed once, living ones never, by any number of workers at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
import redis.asyncio as redis

from booking_service.expiry import ExpiryLimits, ExpirySchedule, running_worker
from booking_service.expiry.gates import GateReconciler
from booking_service.expiry.old_keys import forget_old_keys
from booking_service.expiry.sweep import SWEEP, next_end_in_s, sweep
from booking_service.gate.seat_gate import RedisGate
from booking_service.redis_pipe import RedisPipe
from devstack.servers import Servers
from shared.contracts.live_messages import SeatChange, SeatChanges
from shared.contracts.redis_keys import seat_lock
from tests.support.live import until
from tests.support.world import Person, Venue, World

Pool = asyncpg.Pool
Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


@dataclass
class Announced:
    """Keeps what is announced."""

    changes: list[SeatChanges] = field(default_factory=list)

    def announce(self, changes: SeatChanges) -> None:
        self.changes.append(changes)

    def seats(self) -> list[SeatChange]:
        return [change for changes in self.changes for change in changes.changes]


@pytest.fixture
async def pool(clean_database: str) -> AsyncIterator["Pool[asyncpg.Record]"]:
    async with asyncpg.create_pool(clean_database, min_size=2, max_size=8) as opened:
        yield opened
        opened.terminate()


@pytest.fixture
async def redis_client(redis_url: str) -> AsyncIterator["redis.Redis"]:
    async with redis.Redis.from_url(redis_url) as client:
        await client.flushall()
        yield client


async def statuses(world: World) -> list[str]:
    return [row["status"] for row in await world.connection.fetch("SELECT status FROM seats ORDER BY id")]


async def confirm(connection: Connection, venue: Venue, seat_id: int, hold_id: UUID, person: Person) -> bool:
    """Book the seat if the hold still has it and has not ended: what the booking service does, in one piece."""
    async with connection.transaction():
        order_id = uuid4()
        await connection.execute(
            "INSERT INTO orders (id, hold_id, user_id, event_id, total, currency) VALUES ($1, $2, $3, $4, 0, 'EUR')",
            order_id,
            hold_id,
            person.id,
            venue.event_id,
        )
        booking_id = await connection.fetchval(
            "INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)"
            " VALUES ($1, $2, $3, $4, $5, 0, 'EUR') RETURNING id",
            order_id,
            person.id,
            venue.event_id,
            seat_id,
            hold_id,
        )
        done = await connection.execute(
            """
            UPDATE seats SET status = 'booked', booking_id = $3, hold_id = NULL, held_by = NULL, held_since = NULL,
                             hold_expiry = NULL, version = version + 1
            WHERE id = $1 AND status = 'held' AND hold_id = $2 AND hold_expiry > clock_timestamp()
            """,
            seat_id,
            hold_id,
            booking_id,
        )
        return str(done) == "UPDATE 1"


TAKE_OVER = """
    UPDATE seats SET hold_id = $2, held_by = $3, held_since = clock_timestamp(),
                     hold_expiry = clock_timestamp() + interval '300 s', version = version + 1
    WHERE id = $1 AND status = 'held' AND hold_expiry <= clock_timestamp()
"""


async def test_ended_holds_become_available_seats_and_are_announced(pool: Pool, world: World) -> None:
    venue, other = await world.event(seats=4), await world.event(seats=1)
    ann = await world.person()
    await world.hold(venue, list(venue.seat_ids[:2]), ann, ends_in_s=-1)
    await world.hold(venue, [venue.seat_ids[2]], ann, ends_in_s=300)
    await world.hold(other, [other.seat_ids[0]], ann, ends_in_s=-1)

    swept = await sweep(pool, batch=10)

    assert await statuses(world) == ["available", "available", "held", "available", "available"]
    assert swept.seats == 3
    assert {changes.event_id: sorted(c.seat_id for c in changes.changes) for changes in swept.changes} == {
        venue.event_id: list(venue.seat_ids[:2]),
        other.event_id: [other.seat_ids[0]],
    }
    assert {(c.status, c.version) for changes in swept.changes for c in changes.changes} == {("available", 2)}


async def test_five_workers_free_each_of_two_hundred_seats_once(pool: Pool, world: World) -> None:
    venue = await world.event(seats=200)
    await world.hold(venue, list(venue.seat_ids), await world.person(), ends_in_s=-1)
    barrier = asyncio.Barrier(5)

    async def work() -> list[SeatChanges]:
        await barrier.wait()
        done: list[SeatChanges] = []
        while (swept := await sweep(pool, batch=7)).seats:
            done += swept.changes
        return done

    freed = [c for done in await asyncio.gather(*(work() for _ in range(5))) for c in done]

    seats = [change for changes in freed for change in changes.changes]
    assert sorted(change.seat_id for change in seats) == list(venue.seat_ids)
    rows = await world.connection.fetch("SELECT status, version FROM seats")
    assert {(row["status"], row["version"]) for row in rows} == {("available", 2)}
    assert await world.connection.fetchval("SELECT count(*) FROM seat_log WHERE new_status = 'available'") == 200


async def test_a_sweep_never_frees_what_somebody_confirms_in_time(pool: Pool, world: World) -> None:
    """Holds end all the time while their owners confirm: whoever is told yes keeps the seat."""
    rounds = 10
    ann = await world.person()
    kept = 0
    for _ in range(rounds):
        venue = await world.event(seats=20)
        # From long ended to still alive, most of them within the milliseconds in which both sides work.
        holds = {
            seat: await world.hold(venue, [seat], ann, ends_in_s=0.02 + place * 0.004)
            for place, seat in enumerate(venue.seat_ids)
        }
        stop = asyncio.Event()

        async def sweep_on(stop: asyncio.Event = stop) -> None:
            while not stop.is_set():
                await sweep(pool, batch=5)

        async def try_to_confirm(seat: int, hold_id: UUID, venue: Venue = venue) -> bool:
            async with pool.acquire() as connection:
                try:
                    return await confirm(connection, venue, seat, hold_id, ann)
                except asyncpg.CheckViolationError:
                    # It ended between this statement's look at the clock and the guard's. The service says 410 then.
                    return False

        sweepers = [asyncio.create_task(sweep_on()) for _ in range(2)]
        confirmed = await asyncio.gather(*(try_to_confirm(seat, hold) for seat, hold in holds.items()))
        stop.set()
        await asyncio.gather(*sweepers)

        rows = await world.connection.fetch("SELECT id, status FROM seats WHERE event_id = $1", venue.event_id)
        booked = {row["id"] for row in rows if row["status"] == "booked"}
        assert booked == {seat for seat, yes in zip(holds, confirmed, strict=True) if yes}
        kept += len(booked)
    print(f"\n{kept} of {rounds * 20} confirmed in time")  # noqa: T201 - shows whether the race was one


async def test_an_ended_hold_that_somebody_took_over_first_is_not_freed(
    pool: Pool, world: World, clean_database: str
) -> None:
    venue = await world.event(seats=1)
    seat = venue.seat_ids[0]
    ann, ben = await world.person(), await world.person()
    await world.hold(venue, [seat], ann, ends_in_s=-1)
    taking = await asyncpg.connect(clean_database)
    transaction = taking.transaction()
    await transaction.start()
    bens = uuid4()
    await taking.execute(TAKE_OVER, seat, bens, ben.id)

    # Ben's transaction holds the row: the sweep passes it by instead of waiting for it.
    async with asyncio.timeout(60):
        assert (await sweep(pool, batch=10)).seats == 0
    await transaction.commit()
    assert (await sweep(pool, batch=10)).seats == 0

    assert (await world.seat(seat))["hold_id"] == bens
    taking.terminate()


async def test_a_takeover_between_the_look_and_the_lock_is_seen_by_the_sweep_and_not_by_a_careless_one(
    world: World, clean_database: str
) -> None:
    """The control: a sweep that reads first and then frees by id alone takes the seat from its new holder."""
    careless = "UPDATE seats SET {} WHERE id = ANY($1)".format(SWEEP.split("SET ")[1].split("FROM ended")[0])
    ann, ben = await world.person(), await world.person()
    outcomes = {}
    for name in ("ours", "careless"):
        venue = await world.event(seats=1)
        seat = venue.seat_ids[0]
        await world.hold(venue, [seat], ann, ends_in_s=-1)
        sweeper, buyer = [await asyncpg.connect(clean_database) for _ in range(2)]
        taking_over = buyer.transaction()
        await taking_over.start()
        await buyer.execute(TAKE_OVER, seat, uuid4(), ben.id)
        if name == "careless":
            ended = "SELECT id FROM seats WHERE status = 'held' AND hold_expiry <= clock_timestamp()"
            found = [row["id"] for row in await sweeper.fetch(ended)]
            sweeping = asyncio.create_task(sweeper.execute(careless, found))
        else:
            # Without SKIP LOCKED it waits for Ben, and so looks again at a row that has changed under it.
            sweeping = asyncio.create_task(sweeper.execute(SWEEP.replace("SKIP LOCKED", ""), 10))
        await until_waiting_for_a_lock(world.connection)
        await taking_over.commit()
        await sweeping
        outcomes[name] = (await world.seat(seat))["status"]
        sweeper.terminate()
        buyer.terminate()

    assert outcomes == {"ours": "held", "careless": "available"}


async def until_waiting_for_a_lock(connection: asyncpg.Connection) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(60):
        while not await connection.fetchval(waiting):  # noqa: ASYNC110 - the database does not tell
            await asyncio.sleep(0.01)


async def test_the_next_end_is_known_whoever_placed_the_hold(pool: Pool, world: World) -> None:
    venue = await world.event(seats=3)
    assert await next_end_in_s(pool) is None
    ann = await world.person()
    await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-5)
    assert await next_end_in_s(pool) is None
    await world.hold(venue, [venue.seat_ids[1]], ann, ends_in_s=200)
    await world.hold(venue, [venue.seat_ids[2]], ann, ends_in_s=100)

    assert await next_end_in_s(pool) == pytest.approx(100, abs=5)


@asynccontextmanager
async def worker(
    pool: Pool, client: "redis.Redis", schedule: ExpirySchedule, **limits: float
) -> AsyncIterator[Announced]:
    announced = Announced()
    async with running_worker(
        pool=pool,
        announcer=announced,
        redis_client=client,
        schedule=schedule,
        limits=ExpiryLimits(**limits),  # type: ignore[arg-type]  # floats are all that is given here
    ):
        yield announced


async def test_a_noted_hold_is_swept_when_it_ends_and_announced_once_by_two_workers(
    pool: Pool, world: World, redis_client: "redis.Redis"
) -> None:
    venue = await world.event(seats=3)
    schedule = ExpirySchedule()
    async with (
        worker(pool, redis_client, schedule, sweep_interval_s=3600) as ours,
        worker(pool, redis_client, ExpirySchedule(), sweep_interval_s=0.2) as theirs,
    ):
        await world.hold(venue, list(venue.seat_ids), await world.person(), ends_in_s=0.5)
        schedule.note(0.5)

        await until(lambda: len(ours.seats() + theirs.seats()) == 3)

    assert await statuses(world) == ["available"] * 3
    assert sorted(c.seat_id for c in ours.seats() + theirs.seats()) == list(venue.seat_ids)


async def test_holds_of_an_instance_that_died_end_on_time_too(
    pool: Pool, world: World, redis_client: "redis.Redis"
) -> None:
    venue = await world.event(seats=2)
    await world.hold(venue, [venue.seat_ids[0]], await world.person(), ends_in_s=0.5)  # nobody notes it
    async with worker(pool, redis_client, ExpirySchedule(), sweep_interval_s=3600, others_grace_s=0.1) as announced:
        await until(lambda: announced.seats())

    assert await statuses(world) == ["available", "available"]


async def test_the_worker_survives_the_death_of_both_servers(
    pool: Pool, world: World, redis_client: "redis.Redis", servers: Servers, clean_database: str
) -> None:
    venue = await world.event(seats=2)
    ann = await world.person()
    async with worker(pool, redis_client, ExpirySchedule(), sweep_interval_s=0.2) as announced:
        servers.kill("redis")
        await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-1)
        await until(lambda: len(announced.seats()) == 1)

        servers.kill("postgres")
        servers.wait_until_ready("postgres")
        again = World(await asyncpg.connect(clean_database))
        await again.hold(venue, [venue.seat_ids[1]], ann, ends_in_s=-1)
        await until(lambda: len(announced.seats()) == 2)
        again.connection.terminate()
    servers.wait_until_ready("redis")


async def test_old_idempotency_keys_are_forgotten_in_batches_and_young_ones_kept(pool: Pool, world: World) -> None:
    ann = await world.person()
    add = """
        INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at)
        SELECT $1, $2 || n, '', now() - $3::interval FROM generate_series(1, $4) AS n
    """
    await world.connection.execute(add, ann.id, "old", timedelta(hours=25), 25)
    await world.connection.execute(add, ann.id, "young", timedelta(hours=23), 3)

    assert await forget_old_keys(pool, batch=10, batches=2) == 20
    assert await forget_old_keys(pool, batch=10, batches=2) == 5
    assert await forget_old_keys(pool, batch=10, batches=2) == 0
    assert await world.connection.fetchval("SELECT count(*) FROM idempotency_keys WHERE key LIKE 'young%'") == 3


async def test_gates_left_shut_are_opened_and_no_others(
    pool: Pool, world: World, redis_client: "redis.Redis", redis_url: str
) -> None:
    venue = await world.event(seats=6)
    ann = await world.person()
    living, gone = await world.hold(venue, [venue.seat_ids[0]], ann), uuid4()
    pipe = RedisPipe(redis_url, timeout_s=5)
    gate = RedisGate(pipe)

    def key(place: int) -> str:
        return seat_lock(venue.event_id, venue.seat_ids[place])

    await gate.keep(venue.event_id, [venue.seat_ids[0]], "asker", hold_id=living, lasts=timedelta(seconds=300))
    await gate.keep(
        venue.event_id, [venue.seat_ids[1]], "asker", hold_id=gone, lasts=timedelta(seconds=300)
    )  # it was released
    await gate.enter(venue.event_id, [venue.seat_ids[2]], "another asker")  # on its way to the database
    await redis_client.set(key(3), str(living), px=300_000)  # the hold lives, but has another seat
    await redis_client.set(key(4), "rubbish")
    await redis_client.set("seat_lock:odd", "not ours to judge", px=300_000)
    await redis_client.set("another:key", "nor this")

    await pipe.aclose()
    opened = await GateReconciler(redis_client, pool).reconcile(looks=100)

    assert opened == 3
    left = set(map(_text, await redis_client.keys()))
    assert left == {key(0), key(2), "seat_lock:odd", "another:key"}


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name


async def test_a_gate_that_got_a_new_owner_meanwhile_stays_shut(
    pool: Pool, world: World, redis_client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await world.event(seats=1)
    key = seat_lock(venue.event_id, venue.seat_ids[0])
    await redis_client.set(key, str(uuid4()), px=300_000)
    reconciler = GateReconciler(redis_client, pool)
    read = reconciler._read

    async def read_then_change_owner(keys):  # type: ignore[no-untyped-def]  # as the original
        gates = await read(keys)
        await redis_client.set(key, "the new owner", px=300_000)
        return gates

    monkeypatch.setattr(reconciler, "_read", read_then_change_owner)

    assert await reconciler.reconcile(looks=100) == 0
    assert await redis_client.get(key) == b"the new owner"


async def test_looking_for_gates_is_bounded_and_goes_on_where_it_stopped(
    pool: Pool, world: World, redis_client: "redis.Redis"
) -> None:
    async with redis_client.pipeline(transaction=False) as pipeline:
        for number in range(3000):
            pipeline.set(seat_lock(1, number + 1), str(uuid4()), px=300_000)
        await pipeline.execute()
    reconciler = GateReconciler(redis_client, pool)

    first = await reconciler.reconcile(looks=1)
    assert 0 < first < 3000
    total, turns = first, 1
    while total < 3000 and turns < 50:
        total += await reconciler.reconcile(looks=1)
        turns += 1

    assert total == 3000
