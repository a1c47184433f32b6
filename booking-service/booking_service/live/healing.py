"""Healing: whatever message was lost, the ledger knows, and every feed reads it about once a second.

So a crash between COMMIT and announcement, a lost message or a dead Redis costs viewers a second, never the truth; and
no instance needs another one, or a leader.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from booking_service.live.feed import EventFeed
from shared.chassis.unavailable import is_database_outage

log = structlog.get_logger()


class Ward(Protocol):
    """Whose feeds are kept true."""

    def feeds(self) -> Sequence[EventFeed]:
        """The feeds that are open."""
        ...

    async def reread(self, feed: EventFeed) -> None:
        """Take the database's word on every seat of the event. Raises what asyncpg raises, and `TimeoutError`."""
        ...

    async def read_ledger(self, feeds: Collection[EventFeed], *, unseen_by: str) -> None:
        """Take over what the ledger has for `feeds` that this database snapshot did not see. Raises like `reread`."""
        ...


class Healer:
    """One task per instance. It asks nothing while nobody watches."""

    def __init__(self, ward: Ward, *, heal_interval_s: float) -> None:
        self._ward = ward
        self._heal_interval_s = heal_interval_s
        self._hurry = asyncio.Event()
        self._in_doubt = False

    def hurry(self) -> None:
        """Do not wait for the next turn."""
        self._hurry.set()

    async def run(self) -> None:
        """Heal, for ever. An outage of the database is logged once, and viewers stay."""
        while True:
            await self._wait()
            try:
                await self._heal()
            except Exception as error:
                known, self._in_doubt = self._in_doubt, True
                if not is_database_outage(error):
                    raise
                if not known:
                    log.warning("live.healing_paused", error=type(error).__name__)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._heal_interval_s):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()

    async def _heal(self) -> None:
        if self._in_doubt:
            # Another server may answer now, or an older state of this one: begin with what it says.
            for feed in self._ward.feeds():
                await self._ward.reread(feed)
            self._in_doubt = False
            log.info("live.healing_resumed")
        await self._recheck_one()
        groups: dict[str, list[EventFeed]] = defaultdict(list)
        for feed in self._ward.feeds():
            groups[feed.seen].append(feed)  # one group, and a few feeds opened since the last turn
        for seen, feeds in groups.items():
            await self._ward.read_ledger(feeds, unseen_by=seen)

    async def _recheck_one(self) -> None:
        """Compare one feed with the database as a whole: against whatever nobody has thought of."""
        feeds = self._ward.feeds()
        feed = min(feeds, key=lambda feed: feed.recheck_at, default=None)
        if feed is not None and feed.recheck_at <= time.monotonic():
            await self._ward.reread(feed)
