"""All events followed on this instance: opens a feed for the first who wants an event, drops it after the last."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import asyncpg
import structlog

from booking_service.background import running
from booking_service.failpoints import Reach, pass_by
from booking_service.live.board import SeatIdsHaveGaps
from booking_service.live.feed import GONE_AWAY, INTERNAL_ERROR, NO_SUCH_EVENT, EventFeed
from booking_service.live.healing import Healer
from booking_service.live.limits import LiveLimits
from booking_service.live.news_channel import NewsChannel
from booking_service.live.repository import LedgerChange, LiveRepository, PoolRepository
from shared.chassis.problems import NotFound, Problem, Unavailable
from shared.chassis.unavailable import is_database_outage
from shared.clock import utc_now
from shared.contracts.live_messages import ChangesOfSeveral, EventRemoved, LiveMessage, SeatChange, SeatChanges

log = structlog.get_logger()

READS_AT_ONCE = 2
"""Snapshots read at the same time: people who open maps must not take all connections from those who buy."""


class TooManyViewers(Problem):
    """This instance shows this event to as many as it can."""

    status, slug, title = 503, "too-many-viewers", "Too many people are watching this event here"


class Hub:
    """Takes the news of committed changes and gives it to every viewer. Belongs to one event loop."""

    def __init__(self, repository: LiveRepository, news: NewsChannel, limits: LiveLimits) -> None:
        self.limits = limits
        self._repository = repository
        self._news = news
        self._feeds: dict[int, EventFeed] = {}
        self._opening: dict[int, asyncio.Task[None]] = {}
        self._catching_up: dict[int, asyncio.Task[None]] = {}
        self._reads = asyncio.Semaphore(READS_AT_ONCE)
        self._healer = Healer(self, heal_interval_s=limits.heal_interval_s)

    def announce(self, changes: SeatChanges) -> None:
        """Tell every viewer, on every instance. Call it after COMMIT. Never raises, never waits."""
        try:
            self._apply(changes.event_id, changes.changes)
            self._news.publish(changes)
        except Exception:
            # Somebody's hold is committed; its answer must not fail for the sake of an onlooker.
            log.exception("live.announce_failed", event_id=changes.event_id)

    @asynccontextmanager
    async def watch(self, event_id: int) -> AsyncIterator[EventFeed]:
        """The event's feed, open, for one viewer.

        Raises `NotFound`, `TooManyViewers`, and `Unavailable` when the event is not watched here yet and the database
        does not answer.
        """
        feed = self._feed_of(event_id)
        if feed.viewers >= self.limits.sockets_per_event:
            raise TooManyViewers(retry_after=5)
        feed.viewers += 1
        try:
            if not feed.is_open:
                await self._opened(event_id)
            yield feed
        finally:
            feed.viewers -= 1
            if not feed.viewers:
                self._linger(feed, self.limits.linger_s)

    async def look(self, event_id: int) -> EventFeed:
        """The event's feed, open, for somebody who asks what is free; others will, so it is followed for a while.

        Raises `NotFound`, and `Unavailable` when the event is not followed here yet and the database does not answer.
        """
        if event_id not in self._feeds:
            self._make_room_for_looking()
        feed = self._feed_of(event_id)
        self._linger(feed, self.limits.look_linger_s)
        if not feed.is_open:
            await self._opened(event_id)
        return feed

    def learn(self, changes: SeatChanges) -> None:
        """Take over committed changes that somebody came across, and that were announced elsewhere or will be."""
        self._apply(changes.event_id, changes.changes)

    @property
    def has_room(self) -> bool:
        """Whether one more event can be followed without dropping another that nobody watches."""
        return len(self._unwatched()) < self.limits.events_looked_at

    async def catch_up(self, feed: EventFeed) -> None:
        """Take over what the ledger has for the feed now, instead of within a second. Raises like `reread`.

        Those who ask for it at the same time share one statement.
        """
        task = self._catching_up.get(feed.event_id)
        if task is None:
            task = asyncio.create_task(self.read_ledger([feed], unseen_by=feed.seen), name=f"catch up {feed.event_id}")
            self._catching_up[feed.event_id] = task
            task.add_done_callback(partial(self._caught_up, feed.event_id))
        await asyncio.shield(task)

    def feeds(self) -> Sequence[EventFeed]:
        """The feeds that are open."""
        return [feed for feed in self._feeds.values() if feed.is_open]

    async def reread(self, feed: EventFeed) -> None:
        """Take the database's word on every seat of the event. Raises what asyncpg raises, and `TimeoutError`."""
        async with asyncio.timeout(self.limits.open_timeout_s), feed.turn, self._reads:
            feed.start_reading()
            try:
                reading = await self._repository.read_event(feed.event_id)
                if reading is not None:
                    feed.take_reading(reading)
            except SeatIdsHaveGaps:
                log.error("live.seat_ids_have_gaps", event_id=feed.event_id)
                feed.close(INTERNAL_ERROR)
                self._forget(feed)
                return
            finally:
                feed.stop_reading()
        if reading is None:
            self._remove(feed)
            return
        feed.recheck_at = time.monotonic() + self.limits.recheck_interval_s

    async def read_ledger(self, feeds: Collection[EventFeed], *, unseen_by: str) -> None:
        """Take over what the ledger has for `feeds` that this database snapshot did not see. Raises like `reread`."""
        async with asyncio.timeout(self.limits.open_timeout_s):
            reading = await self._repository.read_ledger([feed.event_id for feed in feeds], unseen_by=unseen_by)
        changes: dict[int, list[LedgerChange]] = {}
        for change in reading.changes:
            changes.setdefault(change.event_id, []).append(change)
        for feed in feeds:
            if feed.event_id in reading.living:
                feed.apply_ledger(changes.get(feed.event_id, ()), seen=reading.seen)
            else:
                self._remove(feed)

    def hear(self, message: LiveMessage) -> None:
        """Take over what another instance, or another service, announced."""
        match message:
            case EventRemoved(event_id):
                # Redis is not believed in this: the healer looks into the database, now instead of within a second.
                if event_id in self._feeds:
                    self._healer.hurry()
            case SeatChanges(event_id, changes):
                self._apply(event_id, changes)
            case ChangesOfSeveral(events):
                for event in events:
                    self._apply(event.event_id, event.changes)

    async def heal(self) -> None:
        """Keep all feeds true, for ever."""
        await self._healer.run()

    async def beat(self) -> None:
        """Give every viewer a sign of life now and then, for ever."""
        while True:
            await asyncio.sleep(self.limits.heartbeat_interval_s)
            now = utc_now()
            for feed in self.feeds():
                feed.beat(now)

    def close(self) -> None:
        """Let every viewer go: this instance stops."""
        for feed in self._feeds.values():
            feed.close(GONE_AWAY)
        for task in (*self._opening.values(), *self._catching_up.values()):
            task.cancel()

    def _apply(self, event_id: int, changes: Sequence[SeatChange]) -> None:
        feed = self._feeds.get(event_id)
        if feed is not None:
            feed.apply(changes)

    def _feed_of(self, event_id: int) -> EventFeed:
        """The event's feed, perhaps one that is only being opened."""
        feed = self._feeds.get(event_id)
        if feed is None:
            limits = self.limits
            feed = EventFeed(event_id, window_s=limits.window_s, updates_per_window=limits.updates_per_window)
            self._feeds[event_id] = feed
            self._opening[event_id] = task = asyncio.create_task(self._open(feed), name=f"open event {event_id}")
            task.add_done_callback(partial(self._settle, feed))
        return feed

    async def _open(self, feed: EventFeed) -> None:
        await self.reread(feed)
        if feed.closed_with == NO_SUCH_EVENT:
            raise NotFound("There is no such event.")
        if not feed.is_open:
            raise Unavailable("The seats of this event cannot be shown.")

    async def _opened(self, event_id: int) -> None:
        try:
            await asyncio.shield(self._opening[event_id])  # whoever gives up waiting leaves it to the others
        except Exception as error:
            if is_database_outage(error):
                raise Unavailable("The seats cannot be read right now. Try again.") from error
            raise

    def _settle(self, feed: EventFeed, task: "asyncio.Task[None]") -> None:
        if self._opening.get(feed.event_id) is task:
            del self._opening[feed.event_id]
        if task.cancelled() or task.exception() is not None:
            self._forget(feed)

    def _caught_up(self, event_id: int, task: "asyncio.Task[None]") -> None:
        del self._catching_up[event_id]
        if not task.cancelled():
            task.exception()  # whoever asked may have left, and asyncio complains of what nobody has looked at

    def _remove(self, feed: EventFeed) -> None:
        if feed.is_open:
            log.info("live.event_removed", event_id=feed.event_id, viewers=feed.viewers)
        feed.remove()
        self._forget(feed)

    def _linger(self, feed: EventFeed, linger_s: float) -> None:
        """Follow the event for so long at least, though nobody watches it."""
        feed.wanted_until = max(feed.wanted_until, time.monotonic() + linger_s)
        if not feed.lingers:
            feed.lingers = True
            asyncio.get_running_loop().call_later(linger_s, self._drop_if_unwanted, feed)

    def _drop_if_unwanted(self, feed: EventFeed) -> None:
        rest_s = feed.wanted_until - time.monotonic()
        if rest_s > 0 and self._feeds.get(feed.event_id) is feed:
            asyncio.get_running_loop().call_later(rest_s, self._drop_if_unwanted, feed)
            return
        feed.lingers = False
        if not feed.viewers:
            self._forget(feed)

    def _make_room_for_looking(self) -> None:
        unwatched = self._unwatched()
        if len(unwatched) >= self.limits.events_looked_at:
            self._forget(min(unwatched, key=lambda feed: feed.wanted_until))

    def _unwatched(self) -> Sequence[EventFeed]:
        return [feed for feed in self._feeds.values() if feed.is_open and not feed.viewers]

    def _forget(self, feed: EventFeed) -> None:
        if self._feeds.get(feed.event_id) is feed:
            del self._feeds[feed.event_id]


@asynccontextmanager
async def open_hub(
    *, pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, limits: LiveLimits, reach: Reach = pass_by
) -> AsyncIterator[Hub]:
    """A hub that works until the block ends. Needs neither server to be up.

    It keeps two connections of its own to Redis; of the pool's it takes three at most, each for one short statement.
    """
    news = NewsChannel(redis_url, outbox_messages=limits.outbox_messages, reach=reach)
    hub = Hub(PoolRepository(pool), news, limits)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(news.aclose)
        await stack.enter_async_context(running("live: healing", hub.heal))
        await stack.enter_async_context(running("live: heartbeat", hub.beat))
        await stack.enter_async_context(running("live: listening", lambda: news.listen(hub.hear)))
        await stack.enter_async_context(running("live: publishing", news.publish_outbox))
        stack.callback(hub.close)
        yield hub
