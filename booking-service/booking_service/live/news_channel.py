"""News between instances, over Redis publish/subscribe: fast, and at most once. The ledger heals what it loses."""

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec
import redis.asyncio as redis
import structlog
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from booking_service.failpoints import Reach, pass_by
from booking_service.redis_pipe import RedisPipe
from shared.contracts import live_messages
from shared.contracts.live_messages import ChangesOfSeveral, LiveMessage, SeatChange, SeatChanges
from shared.contracts.redis_keys import LIVE_CHANNEL_OF_SEVERAL, live_channel
from shared.redis_failures import REDIS_FAILURES

log = structlog.get_logger()

ALL_CHANNELS = "live:*"
"""The pattern of `live_channel` and `LIVE_CHANNEL_OF_SEVERAL`."""
QUIET_S = 5.0
"""After this long without a message Redis is asked whether it lives; as long again without an answer: it does not."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
"""Between attempts to reach Redis again; doubled each time."""
BATCH = 500
"""Announcements sent in one round trip."""


class NewsChannel:
    """Publishes this instance's changes, hears everybody's."""

    def __init__(self, redis_url: str, *, outbox_messages: int, reach: Reach = pass_by) -> None:
        """Nothing connects until `listen` and `publish_outbox` run."""
        self._reach = reach
        self._redis: redis.Redis = redis.Redis.from_url(
            redis_url,
            socket_connect_timeout=1,
            socket_timeout=2,
            # `listen` connects again by itself. redis-py does so, too, after each error that its retry knows, even with
            # no retry left: to a subscription that was given up again at once, and news was lost with it.
            retry=Retry(NoBackoff(), 0, supported_errors=()),
        )
        self._pipe = RedisPipe(redis_url, timeout_s=2)
        self._outbox: deque[SeatChanges] = deque(maxlen=outbox_messages)
        self._waiting = asyncio.Event()
        self._publishing_fails = False

    def publish(self, changes: SeatChanges) -> None:
        """Tell the other instances, soon. Never raises, never waits; when too much waits, the oldest is dropped."""
        self._outbox.append(changes)
        self._waiting.set()

    async def publish_outbox(self) -> None:
        """Send what waits, for ever. What Redis does not take is dropped."""
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            while self._outbox:
                batch = [self._outbox.popleft() for _ in range(min(BATCH, len(self._outbox)))]
                await self._reach("publish", "before_send")
                await self._send(batch)
                await self._reach("publish", "after_send")

    async def listen(self, hear: Callable[[LiveMessage], None]) -> None:
        """Give every message to `hear`, for ever; connect again whenever the connection is lost."""
        pause_s, known_to_fail = FIRST_PAUSE_S, False
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    # One subscription for all events: opening a map need not wait for Redis, and a message about an
                    # event that nobody watches here costs microseconds.
                    await subscription.psubscribe(ALL_CHANNELS)
                    while True:
                        payload = await _next_payload(subscription)
                        if known_to_fail:
                            log.info("live.listening_resumed")
                        pause_s, known_to_fail = FIRST_PAUSE_S, False
                        if payload is not None:
                            _hear(payload, hear)
            except REDIS_FAILURES as error:
                if not known_to_fail:
                    log.warning("live.listening_paused", error=type(error).__name__)
                known_to_fail = True
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pipe.aclose()
        await self._redis.aclose()

    async def _send(self, batch: list[SeatChanges]) -> None:
        try:
            await self._publish(_merged(batch))
            self._publishing_fails = False
        except REDIS_FAILURES as error:
            if not self._publishing_fails:
                log.warning("live.publishing_failed", error=type(error).__name__)
            self._publishing_fails = True
            self._outbox.clear()  # the ledger has told it all by the time Redis is back

    async def _publish(self, events: list[SeatChanges]) -> None:
        # A message costs each instance about as much as fifty changes in it.
        if len(events) == 1:
            channel, payload = live_channel(events[0].event_id), live_messages.encode(events[0])
        else:
            channel, payload = LIVE_CHANNEL_OF_SEVERAL, live_messages.encode(ChangesOfSeveral(events))
        try:
            await self._pipe.ask("PUBLISH", channel, payload)
        except ConnectionError:
            # Once more, at once: the first news after a restart of Redis would otherwise be lost on a connection from
            # before it. No more than that: what is lost is healed, what is late is worthless.
            await self._pipe.ask("PUBLISH", channel, payload)


async def _next_payload(subscription: PubSub) -> bytes | None:
    """The next message's payload, or `None` for another sign of life. Raises `TimeoutError` when Redis is silent."""
    message = await subscription.get_message(timeout=QUIET_S)
    if message is None:
        await subscription.ping()
        message = await subscription.get_message(timeout=QUIET_S)
    if message is None:
        raise TimeoutError("Redis does not answer")
    payload: bytes | None = message["data"] if message["type"] == "pmessage" else None
    return payload


def _hear(payload: bytes, hear: Callable[[LiveMessage], None]) -> None:
    try:
        message = live_messages.decode(payload)
    except msgspec.DecodeError as error:
        log.warning("live.message_unreadable", error=str(error))
        return
    hear(message)


def _merged(batch: list[SeatChanges]) -> list[SeatChanges]:
    """The changes by event."""
    changes: dict[int, list[SeatChange]] = {}
    for message in batch:
        changes.setdefault(message.event_id, []).extend(message.changes)
    return [SeatChanges(event_id, together) for event_id, together in changes.items()]
