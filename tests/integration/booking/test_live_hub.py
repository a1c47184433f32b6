"""Several instances show the same truth, whatever is lost between them."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import asyncpg
import pytest
import redis.asyncio as redis

from booking_service.live import Hub
from booking_service.live.feed import NO_SUCH_EVENT
from booking_service.live.news_channel import NewsChannel
from booking_service.live.parcel import Parcel
from booking_service.live.repository import EventReading
from devstack.servers import Servers
from shared.chassis.problems import NotFound
from shared.contracts.live_messages import EventRemoved, SeatChange, SeatChanges, encode
from shared.contracts.redis_keys import live_channel
from tests.support.live import Onlooker, hub_on, until
from tests.support.world import Venue, World

HEAL_S = 0.2


@pytest.fixture
async def hubs(clean_database: str, redis_url: str) -> AsyncIterator[list[Hub]]:
    """Three instances."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(hub_on(clean_database, redis_url, heal_interval_s=HEAL_S)) for _ in range(3)
        ]


@pytest.fixture
async def deaf_hub(clean_database: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """An instance that no message reaches or leaves."""

    async def nothing(*_arguments: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(NewsChannel, "listen", nothing)
    monkeypatch.setattr(NewsChannel, "publish_outbox", nothing)
    async with hub_on(clean_database, redis_url, heal_interval_s=HEAL_S) as hub:
        yield hub


async def listening(redis_url: str, count: int) -> None:
    """Wait until news reaches this many instances: Redis says so of each message, here of one about no event."""
    nothing = encode(SeatChanges(0, []))
    async with redis.Redis.from_url(redis_url) as client, asyncio.timeout(60):
        while await client.publish(live_channel(0), nothing) < count:  # noqa: ASYNC110 - Redis does not tell
            await asyncio.sleep(0.01)


async def change_directly(world: World, venue: Venue, seat_id: int) -> SeatChanges:
    """A committed change of the seat, not announced yet: blocked when it was available, and back."""
    row = await world.connection.fetchrow(
        """
        UPDATE seats SET status = CASE status WHEN 'available' THEN 'blocked' ELSE 'available' END,
                         version = version + 1
        WHERE id = $1 RETURNING status, version
        """,
        seat_id,
    )
    assert row is not None
    return SeatChanges(venue.event_id, [SeatChange(seat_id, row["status"], row["version"])])


async def test_a_change_announced_on_one_instance_is_seen_on_all(hubs: list[Hub], world: World, redis_url: str) -> None:
    venue = await world.event(seats=3)
    await listening(redis_url, 3)
    async with AsyncExitStack() as stack:
        onlookers = [Onlooker(await stack.enter_async_context(hub.watch(venue.event_id))) for hub in hubs]
        assert [onlooker.types() for onlooker in onlookers] == [["snapshot"]] * 3

        hubs[0].announce(await change_directly(world, venue, venue.seat_ids[1]))

        here = hubs[0].feeds()[0]
        await Onlooker(here).sees(venue.seat_ids[1], "blocked")
        for onlooker in onlookers:
            await onlooker.sees(venue.seat_ids[1], "blocked")
        assert onlookers[2].messages[1] == {
            "type": "seat_update",
            "event_id": venue.event_id,
            "seat_id": venue.seat_ids[1],
            "seat_number": "A2",
            "status": "blocked",
            "version": 1,
        }


async def test_a_change_that_nobody_announced_is_seen_within_the_healing_time(deaf_hub: Hub, world: World) -> None:
    venue = await world.event(seats=2)
    async with deaf_hub.watch(venue.event_id) as feed:
        onlooker = Onlooker(feed)
        await world.hold(venue, [venue.seat_ids[0]], await world.person())

        await onlooker.sees(venue.seat_ids[0], "held")


async def test_an_event_that_somebody_looked_at_is_followed_for_a_while(
    clean_database: str, redis_url: str, world: World
) -> None:
    venue = await world.event(seats=3)
    async with hub_on(clean_database, redis_url, heal_interval_s=HEAL_S, look_linger_s=0.5) as hub:
        looks = await asyncio.gather(*(hub.look(venue.event_id) for _ in range(5)))

        assert len(set(map(id, looks))) == 1
        assert looks[0].free() == b"\1\1\1"
        hub.learn(await change_directly(world, venue, venue.seat_ids[1]))
        assert (await hub.look(venue.event_id)).free() == b"\1\0\1"
        await until(lambda: not hub.feeds())


async def test_there_is_no_looking_at_an_event_that_does_not_exist(deaf_hub: Hub) -> None:
    with pytest.raises(NotFound):
        await deaf_hub.look(1)

    assert not deaf_hub.feeds()


async def test_looking_at_many_events_keeps_the_latest(clean_database: str, redis_url: str, world: World) -> None:
    watched, *others = [await world.event(seats=1) for _ in range(4)]
    async with hub_on(clean_database, redis_url, events_looked_at=2) as hub, hub.watch(watched.event_id):
        for venue in others:
            await hub.look(venue.event_id)

        assert [feed.event_id for feed in hub.feeds()] == [venue.event_id for venue in (watched, *others[1:])]


async def test_a_transaction_that_began_first_and_committed_last_is_seen(
    deaf_hub: Hub, world: World, clean_database: str
) -> None:
    venue = await world.event(seats=3)
    early, late = [await asyncpg.connect(clean_database) for _ in range(2)]
    block = "UPDATE seats SET status = 'blocked', version = version + 1 WHERE id = $1"
    async with deaf_hub.watch(venue.event_id) as feed:
        onlooker = Onlooker(feed)
        slow = early.transaction()
        await slow.start()
        await early.execute(block, venue.seat_ids[0])
        await late.execute(block, venue.seat_ids[1])
        await onlooker.sees(venue.seat_ids[1], "blocked")
        assert onlooker.statuses[venue.seat_ids[0]] == "available"
        # Many readings later, each of which must still not take the open transaction for a seen one.
        seen = feed.seen
        for status in ("blocked", "available", "blocked", "available"):
            await late.execute(
                "UPDATE seats SET status = $2, version = version + 1 WHERE id = $1", venue.seat_ids[2], status
            )
            await onlooker.sees(venue.seat_ids[2], status)
        assert feed.seen != seen

        await slow.commit()

        await onlooker.sees(venue.seat_ids[0], "blocked")
    early.terminate()
    late.terminate()


async def test_a_transaction_open_for_long_makes_nobody_read_twice(
    deaf_hub: Hub, world: World, clean_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await world.event(seats=50)
    blocker = await asyncpg.connect(clean_database)
    read: list[int] = []
    original = deaf_hub._repository.read_ledger

    async def counting(event_ids: Sequence[int], *, unseen_by: str):  # type: ignore[no-untyped-def]  # as the original
        reading = await original(event_ids, unseen_by=unseen_by)
        read.append(len(reading.changes))
        return reading

    monkeypatch.setattr(deaf_hub._repository, "read_ledger", counting)
    async with deaf_hub.watch(venue.event_id) as feed, blocker.transaction():
        await blocker.execute("SELECT pg_current_xact_id()")  # from now on, nothing is older than this
        onlooker = Onlooker(feed)
        await world.hold(venue, list(venue.seat_ids), await world.person())
        await until(lambda: set(onlooker.statuses.values()) == {"held"})
        turns = len(read)
        await until(lambda: len(read) >= turns + 3)

        assert sum(read) == 50
    blocker.terminate()


async def test_changes_committed_while_a_feed_opens_are_never_lost(
    clean_database: str, redis_url: str, world: World
) -> None:
    """200 openings, each beside a stream of changes that are announced at odd moments, or never."""
    chance = random.Random(20_260_101)  # noqa: S311 - to be the same every time
    venue = await world.event(seats=5)
    limits = {"heal_interval_s": 0.02, "linger_s": 0}

    async def change_now_and_then(hubs: list[Hub], changes: int) -> None:
        for _ in range(changes):
            news = await change_directly(world, venue, chance.choice(venue.seat_ids))
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            if chance.random() < 0.7:
                chance.choice(hubs).announce(news)

    async def open_beside_changes(hubs: list[Hub]) -> Onlooker:
        changing = asyncio.create_task(change_now_and_then(hubs, chance.randrange(1, 5)))
        for _ in range(chance.randrange(20)):
            await asyncio.sleep(0)
        async with hubs[0].watch(venue.event_id) as feed:
            onlooker = Onlooker(feed)
            await changing
            rows = await world.connection.fetch("SELECT id, status, version FROM seats")
            truth = {row["id"]: (row["status"], row["version"]) for row in rows}
            await until(lambda: onlooker.knows() == truth)
        return onlooker

    async with hub_on(clean_database, redis_url, **limits) as one, hub_on(clean_database, redis_url, **limits) as two:
        for _ in range(200):
            onlooker = await open_beside_changes([one, two])
            await until(lambda: not one.feeds())

            assert onlooker.types().count("snapshot") == 1
            assert onlooker.types()[0] == "snapshot"


async def test_an_event_that_is_read_twice_at_once_does_not_go_back(
    deaf_hub: Hub, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer was taken over with what had happened since; a second one, as old, then lost it again."""
    venue = await world.event(seats=1)
    async with deaf_hub.watch(venue.event_id) as feed:
        read, may_answer, answers = deaf_hub._repository.read_event, asyncio.Event(), []

        async def slowly(event_id: int) -> EventReading | None:
            answers.append(await read(event_id))
            await may_answer.wait()
            return answers[-1]

        monkeypatch.setattr(deaf_hub._repository, "read_event", slowly)
        rereads = [asyncio.create_task(deaf_hub.reread(feed)) for _ in range(2)]
        await until(lambda: len(answers) == 2 or (answers and feed.turn._waiters))
        deaf_hub.learn(await change_directly(world, venue, venue.seat_ids[0]))
        may_answer.set()
        await asyncio.gather(*rereads)

        assert not feed.are_free([0])


async def test_redis_forgetting_everything_and_dying_costs_viewers_nothing_but_time(
    hubs: list[Hub], world: World, redis_url: str, servers: Servers
) -> None:
    venue = await world.event(seats=2)
    await listening(redis_url, 3)
    async with AsyncExitStack() as stack:
        onlookers = [Onlooker(await stack.enter_async_context(hub.watch(venue.event_id))) for hub in hubs]

        async with redis.Redis.from_url(redis_url) as client:
            await client.flushall()
        hubs[0].announce(await change_directly(world, venue, venue.seat_ids[0]))
        for onlooker in onlookers:
            await onlooker.sees(venue.seat_ids[0], "blocked")

        servers.kill("redis")
        hubs[0].announce(await change_directly(world, venue, venue.seat_ids[1]))
        for onlooker in onlookers:
            await onlooker.sees(venue.seat_ids[1], "blocked")


async def test_instances_hear_each_other_again_when_redis_is_back(
    clean_database: str, redis_url: str, world: World, servers: Servers
) -> None:
    venue = await world.event(seats=1)
    async with AsyncExitStack() as stack:
        hubs = [
            await stack.enter_async_context(hub_on(clean_database, redis_url, heal_interval_s=3600)) for _ in range(2)
        ]
        await listening(redis_url, 2)
        onlooker = Onlooker(await stack.enter_async_context(hubs[1].watch(venue.event_id)))

        servers.kill("redis")
        servers.wait_until_ready("redis")
        await listening(redis_url, 2)
        hubs[0].announce(await change_directly(world, venue, venue.seat_ids[0]))

        await onlooker.sees(venue.seat_ids[0], "blocked")


async def test_when_the_database_dies_viewers_stay_and_catch_up_when_it_is_back(
    hubs: list[Hub], world: World, servers: Servers, clean_database: str
) -> None:
    venue = await world.event(seats=2)
    async with hubs[0].watch(venue.event_id) as feed:
        onlooker = Onlooker(feed)
        before = feed.seen

        servers.kill("postgres")
        servers.wait_until_ready("postgres")
        again = await asyncpg.connect(clean_database)
        await again.execute(
            "UPDATE seats SET status = 'blocked', version = version + 1 WHERE id = $1", venue.seat_ids[0]
        )

        await onlooker.sees(venue.seat_ids[0], "blocked")
        assert feed.closed_with is None
        assert feed.seen != before
        again.terminate()


async def test_an_unknown_event_is_refused_and_leaves_nothing_behind(hubs: list[Hub]) -> None:
    for event_id in range(10_000, 10_050):
        with pytest.raises(NotFound):
            async with hubs[0].watch(event_id):
                pytest.fail("there is no such event")
    await asyncio.sleep(0)

    assert hubs[0]._feeds == {}
    assert hubs[0]._opening == {}


async def test_an_event_is_forgotten_some_time_after_its_last_viewer(
    clean_database: str, redis_url: str, world: World
) -> None:
    venue = await world.event(seats=1)
    async with hub_on(clean_database, redis_url, linger_s=0.05) as hub:
        async with hub.watch(venue.event_id) as first:
            pass
        async with hub.watch(venue.event_id) as second:
            assert second is first  # a reload of the page costs no reading

        await until(lambda: not hub.feeds())


async def test_a_crowd_at_the_door_costs_one_reading(
    hubs: list[Hub], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await world.event(seats=5)
    readings = 0
    original = hubs[0]._repository.read_event

    async def counting(event_id: int):  # type: ignore[no-untyped-def]  # as the original
        nonlocal readings
        readings += 1
        return await original(event_id)

    monkeypatch.setattr(hubs[0]._repository, "read_event", counting)

    async def look() -> Parcel:
        async with hubs[0].watch(venue.event_id) as feed:
            return feed.snapshot("plain")

    snapshots = await asyncio.gather(*(look() for _ in range(100)))

    assert readings == 1
    assert len({id(snapshot) for snapshot in snapshots}) == 1


async def test_a_deleted_event_lets_its_viewers_go_even_when_no_message_tells(deaf_hub: Hub, world: World) -> None:
    venue = await world.event(seats=2)
    async with deaf_hub.watch(venue.event_id) as feed:
        onlooker = Onlooker(feed)
        await delete(world, venue)

        await until(lambda: feed.closed_with == NO_SUCH_EVENT)
        assert onlooker.types()[-1] == "event_removed"
    assert not deaf_hub.feeds()


async def test_a_message_that_an_event_is_gone_is_checked_at_once_and_not_believed(
    clean_database: str, redis_url: str, world: World
) -> None:
    gone, alive = await world.event(seats=1), await world.event(seats=1)
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(hub_on(clean_database, redis_url, heal_interval_s=3600))
        await listening(redis_url, 1)
        feeds = [await stack.enter_async_context(hub.watch(venue.event_id)) for venue in (gone, alive)]
        await delete(world, gone)

        async with redis.Redis.from_url(redis_url) as client:
            for venue in (alive, gone):
                await client.publish(live_channel(venue.event_id), encode(EventRemoved(venue.event_id)))

        await until(lambda: feeds[0].closed_with == NO_SUCH_EVENT)
        assert feeds[1].closed_with is None


async def test_rubbish_on_the_channels_is_ignored(hubs: list[Hub], world: World, redis_url: str) -> None:
    venue = await world.event(seats=2)
    await listening(redis_url, 3)
    async with hubs[0].watch(venue.event_id) as feed, redis.Redis.from_url(redis_url) as client:
        onlooker = Onlooker(feed)
        for rubbish in (b"", b"\xff\xfe", b"{}", b"[1,2,3]", b'{"type":"changes","event_id":"x","changes":[]}'):
            await client.publish(live_channel(venue.event_id), rubbish)
        strange = [SeatChange(999_999, "held", 1)]
        await client.publish(live_channel(venue.event_id), encode(SeatChanges(venue.event_id, strange)))
        hubs[1].announce(await change_directly(world, venue, venue.seat_ids[0]))

        await onlooker.sees(venue.seat_ids[0], "blocked")
        assert 999_999 not in onlooker.statuses


async def test_a_lie_on_a_channel_is_corrected_by_the_regular_recheck(
    clean_database: str, redis_url: str, world: World
) -> None:
    venue = await world.event(seats=2)
    limits = {"heal_interval_s": 0.05, "recheck_interval_s": 0.3}
    async with hub_on(clean_database, redis_url, **limits) as hub, hub.watch(venue.event_id) as feed:
        onlooker = Onlooker(feed)

        hub.hear(SeatChanges(venue.event_id, [SeatChange(venue.seat_ids[0], "booked", 99)]))

        await until(lambda: "booked" in [message.get("status") for message in onlooker.messages])
        await onlooker.sees(venue.seat_ids[0], "available")
        assert onlooker.versions[venue.seat_ids[0]] == 0


async def test_a_hold_that_ends_reads_as_available_to_newcomers_before_any_sweep(deaf_hub: Hub, world: World) -> None:
    venue = await world.event(seats=2)
    ann = await world.person()
    await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-1)
    async with deaf_hub.watch(venue.event_id) as feed:
        assert Onlooker(feed).statuses[venue.seat_ids[0]] == "available"

        await world.hold(venue, [venue.seat_ids[1]], ann, ends_in_s=1)
        await until(lambda: Onlooker(feed).statuses[venue.seat_ids[1]] == "held")
        await until(lambda: Onlooker(feed).statuses[venue.seat_ids[1]] == "available")


async def delete(world: World, venue: Venue) -> None:
    """What the events service does to an event without bookings."""
    async with world.connection.transaction():
        await world.connection.execute("DELETE FROM seats WHERE event_id = $1", venue.event_id)
        await world.connection.execute("DELETE FROM events WHERE id = $1", venue.event_id)
