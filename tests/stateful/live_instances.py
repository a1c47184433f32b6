"""Instances of the live map that hear of each other through a network that does what it likes."""

import asyncio
from collections.abc import Sequence
from typing import cast

from booking_service.live import Hub, LiveLimits
from booking_service.live.news_channel import NewsChannel
from booking_service.live.repository import EventReading, LedgerReading, LiveRepository
from shared.contracts import live_messages
from shared.contracts.live_messages import SeatChanges

UPDATES_PER_WINDOW = 2
"""More at once are told as a snapshot."""
WAITING_BYTES = 200
"""Soon reached: who does not read is skipped, and told anew."""
NEVER_S = 3600.0


class Network:
    """Every message waits here, once for each instance, until it is delivered, once more perhaps, or lost."""

    def __init__(self) -> None:
        self.under_way: list[tuple[int, bytes]] = []

    def send(self, payload: bytes, *, to: Sequence[int]) -> None:
        """Put a message on its way to these instances."""
        self.under_way += [(instance, payload) for instance in to]


class PatientRepository:
    """The truth, whose answers can be held back: asked now, told later."""

    def __init__(self, repository: LiveRepository) -> None:
        self._repository = repository
        self.held_back = 0
        """Answers that are known and not given."""
        self._may_answer = asyncio.Event()
        self._may_answer.set()

    @property
    def is_holding_back(self) -> bool:
        """Whether answers wait."""
        return not self._may_answer.is_set()

    def hold_back(self) -> None:
        """Keep every answer from now on."""
        self._may_answer.clear()

    def answer(self) -> None:
        """Give them."""
        self._may_answer.set()

    async def read_event(self, event_id: int) -> EventReading | None:
        """See `LiveRepository`."""
        reading = await self._repository.read_event(event_id)
        await self._until_it_may_answer()
        return reading

    async def read_ledger(self, event_ids: Sequence[int], *, unseen_by: str) -> LedgerReading:
        """See `LiveRepository`."""
        reading = await self._repository.read_ledger(event_ids, unseen_by=unseen_by)
        await self._until_it_may_answer()
        return reading

    async def _until_it_may_answer(self) -> None:
        self.held_back += 1
        await self._may_answer.wait()
        self.held_back -= 1


class _Post:
    """The hub's way to the network, in the place of `NewsChannel`."""

    def __init__(self, network: Network, instances: Sequence[int]) -> None:
        self._network = network
        self._instances = instances

    def publish(self, changes: SeatChanges) -> None:
        """See `NewsChannel`. An instance hears its own news as well, as on Redis."""
        self._network.send(live_messages.encode(changes), to=self._instances)


class Instance:
    """A hub, healed when somebody says so."""

    def __init__(self, repository: LiveRepository, network: Network, instances: Sequence[int]) -> None:
        self.repository = PatientRepository(repository)
        limits = LiveLimits(
            window_s=0.0,
            updates_per_window=UPDATES_PER_WINDOW,
            waiting_bytes=WAITING_BYTES,
            linger_s=0.0,
            recheck_interval_s=NEVER_S,
            heartbeat_interval_s=NEVER_S,
            send_timeout_s=NEVER_S,
            open_timeout_s=NEVER_S,
        )
        self.hub = Hub(self.repository, cast(NewsChannel, _Post(network, instances)), limits)

    async def heal(self) -> None:
        """One turn of the healer."""
        for feed in self.hub.feeds():
            await self.hub.read_ledger([feed], unseen_by=feed.seen)

    async def recheck(self) -> None:
        """Compare the event with the database as a whole."""
        for feed in self.hub.feeds():
            await self.hub.reread(feed)

    def hear(self, payload: bytes) -> None:
        """A message has come."""
        self.hub.hear(live_messages.decode(payload))
