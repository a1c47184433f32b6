"""Requests that are written together: each is answered as if it had come alone.

Calls that begin in one turn of the event loop are one batch, as `tests/unit/booking/test_batching.py` shows.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from booking_service import batched_writes
from booking_service.answers import Answer
from booking_service.bookings.confirming import confirmation_key
from booking_service.bookings.service import BookingService
from booking_service.gate.seat_gate import NoGate
from booking_service.holds import placing, taking
from booking_service.holds.errors import HoldLimitReached, HoldNotFound, SeatUnavailable
from booking_service.holds.placing import hold_key
from booking_service.holds.service import HoldService
from booking_service.seat_directory import SeatDirectory
from booking_service.settings import BookingSettings
from booking_service.transactions import Writer
from shared.chassis.problems import Problem
from shared.contracts.live_messages import SeatChanges
from shared.contracts.pictures import PictureAddresses
from shared.database import open_pool
from tests.support.apps import environ
from tests.support.patience import until
from tests.support.world import Person, Venue, World


class Listener:
    """Hears what is announced, message by message."""

    def __init__(self) -> None:
        self.told: list[SeatChanges] = []

    def announce(self, changes: SeatChanges) -> None:
        """See `Announcer`."""
        self.told.append(changes)


@dataclass
class Shop:
    """One instance's services, without HTTP and without a gate."""

    holds: HoldService
    bookings: BookingService
    told: list[SeatChanges]
    asked: list[str]
    """The statements that went to the database."""

    async def hold(self, person: Person, *seat_ids: int, key: str | None = None) -> Answer | Problem:
        """The answer, or the problem that it was refused with."""
        try:
            return await self.holds.place(
                sorted(seat_ids),
                holder=person.id,
                key=hold_key(person.id, key, sorted(seat_ids)),
                instance="/hold-seat",
            )
        except Problem as problem:
            return problem

    async def confirm(self, person: Person, hold_id: UUID, *, key: str | None = None) -> Answer | Problem:
        """The answer, or the problem that it was refused with."""
        try:
            return await self.bookings.confirm(
                hold_id=hold_id,
                seat_id=None,
                buyer=person.id,
                key=confirmation_key(person.id, key, hold_id=hold_id, seat_id=None),
                instance="/confirm-booking",
            )
        except Problem as problem:
            return problem


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many requests each batch had."""
    sizes: list[int] = []
    work = batched_writes.BatchedWriter._work

    async def counting(self: object, batch: Sequence[object]) -> object:
        sizes.append(len(batch))
        return await work(self, batch)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(batched_writes.BatchedWriter, "_work", counting)
    return sizes


@pytest.fixture
async def shop(clean_database: str, venue: Venue, batches: list[int]) -> AsyncIterator[Shop]:
    """A shop that knows the venue, and whose batches are counted."""
    settings = BookingSettings(**environ(database_url=clean_database, redis_url="redis://127.0.0.1:1/0"))  # type: ignore[arg-type]
    listener = Listener()
    asked: list[str] = []

    async def prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await taking.prepare(connection)
        connection.add_query_logger(lambda statement: asked.append(statement.query))

    async with open_pool(settings, application_name="batches", prepare=prepare) as pool:
        writer = Writer(pool, listener, pool_wait_s=5)
        directory = SeatDirectory(pool)
        await directory.block_of(venue.seat_ids)
        holds = HoldService(
            pool=pool,
            writer=writer,
            gate=NoGate(),
            directory=directory,
            note_end=lambda ends_in_s: None,
            settings=settings,
        )
        bookings = BookingService(pool=pool, writer=writer, gate=NoGate(), pictures=PictureAddresses("/api"))
        yield Shop(holds, bookings, listener.told, asked)


async def _so_many(things: Sequence[object], wanted: int) -> bool:
    return len(things) == wanted


async def _somebody_waits_for_a_lock(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))


def _statuses(answers: Sequence[Answer | Problem]) -> list[int]:
    return [answer.status for answer in answers]


def _body(answer: Answer | Problem) -> dict[str, object]:
    assert isinstance(answer, Answer)
    body: dict[str, object] = json.loads(answer.body)
    return body


async def test_of_all_who_want_one_seat_in_one_batch_the_first_one_gets_it(
    shop: Shop, world: World, venue: Venue, batches: list[int]
) -> None:
    people = [await world.person() for _ in range(20)]
    seat = venue.seat_ids[0]

    answers = await asyncio.gather(*(shop.hold(person, seat) for person in people))

    assert _statuses(answers) == [201] + [409] * 19
    assert batches == [20]
    assert (await world.seat(seat))["held_by"] == people[0].id
    assert len(await world.ledger(seat)) == 1


async def test_overlapping_groups_in_one_batch_are_held_whole_or_not_at_all(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    one, two, three, four = venue.seat_ids[:4]

    answers = await asyncio.gather(shop.hold(ann, one, two), shop.hold(ben, two, three), shop.hold(ben, three, four))

    assert _statuses(answers) == [201, 409, 201]
    assert isinstance(answers[1], SeatUnavailable)
    assert [(seat["seat_id"], seat["yours"]) for seat in answers[1].members["seats"]] == [(two, False), (three, True)]
    assert [(await world.seat(seat))["held_by"] for seat in (one, two, three, four)] == [ann.id, ann.id, ben.id, ben.id]
    assert batches == [3]


async def test_one_persons_holds_in_one_batch_keep_the_limit_together(
    shop: Shop, world: World, venue: Venue, ann: Person, batches: list[int]
) -> None:
    answers = await asyncio.gather(*(shop.hold(ann, seat) for seat in venue.seat_ids[:12]))

    assert _statuses(answers) == [201] * 10 + [409] * 2
    assert isinstance(answers[-1], HoldLimitReached)
    assert batches == [12]


async def test_a_hold_within_the_limit_is_granted_though_its_askers_other_one_in_the_batch_is_refused(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    taken, *free = venue.seat_ids[:11]
    await world.hold(venue, [taken], ben)

    refused, granted = await asyncio.gather(shop.hold(ann, taken, free[0]), shop.hold(ann, *free[1:]))

    assert _statuses([refused, granted]) == [409, 201]
    assert isinstance(refused, SeatUnavailable)
    assert batches == [2]


async def test_who_wants_a_seat_of_somebody_refused_in_the_same_batch_gets_it(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    sold, free = venue.seat_ids[:2]
    await world.hold(venue, [sold], await world.person())

    refused, granted = await asyncio.gather(shop.hold(ann, sold, free), shop.hold(ben, free, key="k"))

    assert _statuses([refused, granted]) == [409, 201]
    assert (await world.seat(free))["held_by"] == ben.id
    assert batches == [2]


async def test_a_batch_without_keys_is_one_statement(shop: Shop, venue: Venue, ann: Person, ben: Person) -> None:
    await shop.hold(ann, venue.seat_ids[3])  # the driver looks up types at their first use
    shop.asked.clear()

    await asyncio.gather(shop.hold(ann, venue.seat_ids[0]), shop.hold(ben, venue.seat_ids[1], venue.seat_ids[2]))

    assert len(shop.asked) == 1


async def test_the_news_of_a_batch_is_one_message_per_event(shop: Shop, venue: Venue, ann: Person, ben: Person) -> None:
    await asyncio.gather(shop.hold(ann, venue.seat_ids[0]), shop.hold(ben, venue.seat_ids[1], venue.seat_ids[2]))

    assert [(news.event_id, [change.seat_id for change in news.changes]) for news in shop.told] == [
        (venue.event_id, list(venue.seat_ids[:3]))
    ]


async def test_one_key_twice_in_one_batch_is_one_hold_and_one_answer(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    seat = venue.seat_ids[0]

    answers = await asyncio.gather(shop.hold(ann, seat, key="k"), shop.hold(ann, seat, key="k"), shop.hold(ben, seat))

    assert _statuses(answers) == [201, 201, 409]
    assert _body(answers[0])["hold_id"] == _body(answers[1])["hold_id"]
    assert batches == [3]
    assert len(await world.ledger(seat)) == 1


async def test_a_refusal_in_a_batch_is_kept_under_its_key(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person
) -> None:
    seat = venue.seat_ids[0]
    first, refused = await asyncio.gather(shop.hold(ann, seat), shop.hold(ben, seat, key="k"))
    await shop.holds.release(UUID(str(_body(first)["hold_id"])), holder=ann.id, key=None, instance="/release-hold")

    again = await shop.hold(ben, seat, key="k")

    assert _statuses([refused, again]) == [409, 409]
    assert _body(again) == _body(refused)


async def test_who_meets_a_locked_seat_waits_alone_and_the_neighbours_have_their_answers(
    shop: Shop,
    world: World,
    venue: Venue,
    ann: Person,
    ben: Person,
    connection: "asyncpg.Connection[asyncpg.Record]",
    batches: list[int],
) -> None:
    stuck, free = venue.seat_ids[:2]
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SELECT FROM seats WHERE id = $1 FOR UPDATE", stuck)

    anns = asyncio.create_task(shop.hold(ann, stuck))
    bens = asyncio.create_task(shop.hold(ben, free))
    answer = await bens

    assert answer.status == 201
    assert batches == [2]
    assert not anns.done()
    await transaction.rollback()
    assert (await anns).status == 201


async def test_a_request_that_breaks_the_work_breaks_nobody_elses(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    """A user that is not there (any more) is refused by a foreign key, and with it the whole batch."""
    nobody = Person(id=10**9, email="", session_id=uuid4(), headers={})

    answers = await asyncio.gather(
        shop.hold(ann, venue.seat_ids[0]),
        shop.hold(nobody, venue.seat_ids[1]),
        shop.hold(ben, venue.seat_ids[2]),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [Answer, asyncpg.ForeignKeyViolationError, Answer]
    assert batches == [3]
    assert [(await world.seat(seat))["status"] for seat in venue.seat_ids[:3]] == ["held", "available", "held"]


async def test_a_stranger_who_confirms_a_hold_in_the_batch_of_its_owner_learns_and_gets_nothing(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    hold_id = await world.hold(venue, [venue.seat_ids[0]], ann)

    strangers, owners = await asyncio.gather(shop.confirm(ben, hold_id), shop.confirm(ann, hold_id))

    assert isinstance(strangers, HoldNotFound)
    assert owners.status == 201
    assert batches == [2]
    buyers = await world.connection.fetch("SELECT user_id FROM bookings")
    assert [row["user_id"] for row in buyers] == [ann.id]


async def test_a_hold_confirmed_twice_in_one_batch_is_one_order_announced_once(
    shop: Shop, world: World, venue: Venue, ann: Person, batches: list[int]
) -> None:
    hold_id = await world.hold(venue, list(venue.seat_ids[:2]), ann)

    first, second = await asyncio.gather(shop.confirm(ann, hold_id), shop.confirm(ann, hold_id))

    assert _body(first) == _body(second)
    assert batches == [2]
    assert len(shop.told) == 1
    assert await world.connection.fetchval("SELECT count(*) FROM bookings") == 2


async def test_confirmations_in_one_batch_are_told_apart(
    shop: Shop, world: World, venue: Venue, ann: Person, ben: Person, batches: list[int]
) -> None:
    one, two, three = venue.seat_ids[:3]
    anns = await world.hold(venue, [one, three], ann)
    bens = await world.hold(venue, [two], ben, ends_in_s=-1)

    answers = await asyncio.gather(shop.confirm(ann, anns), shop.confirm(ben, bens), shop.confirm(ann, uuid4()))

    assert _statuses(answers) == [201, 410, 404]
    assert _body(answers[0])["total"] == 9000
    assert batches == [3]


async def test_a_batch_whose_server_ends_as_it_commits_is_not_tried_again(
    shop: Shop, world: World, venue: Venue, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that is its own transaction may be committed when it fails so: nobody may be told "refused"."""

    async def taken_and_gone(*arguments: Any, **options: Any) -> None:
        await taking.take(*arguments, **options)
        raise asyncpg.AdminShutdownError

    monkeypatch.setattr(placing, "take", taken_and_gone)

    with pytest.raises(asyncpg.AdminShutdownError):
        await shop.hold(ann, venue.seat_ids[0])

    assert shop.asked.count(taking.CALL) == 1
    assert (await world.seat(venue.seat_ids[0]))["held_by"] == ann.id


@pytest.mark.parametrize("key", [None, "k"])
async def test_a_seat_whose_cancellation_is_waited_for_is_held_at_once(
    shop: Shop,
    world: World,
    venue: Venue,
    ann: Person,
    ben: Person,
    connection: "asyncpg.Connection[asyncpg.Record]",
    key: str | None,
) -> None:
    """The statement began when the seat was booked: it may take nothing from the row of then."""
    seat = venue.seat_ids[0]
    hold_id = await world.hold(venue, [seat], ben)
    await shop.confirm(ben, hold_id)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE seat_id = $1", seat)
    await connection.execute(
        "UPDATE seats SET status = 'available', booking_id = NULL, version = version + 1 WHERE id = $1", seat
    )

    shop.asked.clear()
    anns = asyncio.create_task(shop.hold(ann, seat, key=key))
    await until(partial(_somebody_waits_for_a_lock, connection))
    await transaction.commit()

    assert (await anns).status == 201
    assert (await world.seat(seat))["held_by"] == ann.id
    assert shop.asked.count(taking.CALL) == 1


async def test_who_gives_up_while_waiting_gets_nothing_and_blocks_nothing(
    shop: Shop,
    world: World,
    venue: Venue,
    ann: Person,
    ben: Person,
    connection: "asyncpg.Connection[asyncpg.Record]",
    batches: list[int],
) -> None:
    """Both lanes are at work; Ann has left before her turn comes."""
    stuck, wanted = venue.seat_ids[:2]
    people = [await world.person() for _ in range(2)]
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SELECT FROM seats WHERE id = $1 FOR UPDATE", stuck)
    busy = []
    for person in people:
        busy.append(asyncio.create_task(shop.hold(person, stuck)))
        await until(partial(_so_many, batches, len(busy)))

    anns = asyncio.create_task(shop.hold(ann, wanted))
    await asyncio.sleep(0)
    anns.cancel()
    await transaction.rollback()
    await asyncio.gather(*busy)

    assert (await shop.hold(ben, wanted)).status == 201
    assert len(await world.ledger(wanted)) == 1
