"""The background task that sweeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import asyncpg
import redis.asyncio as redis

from booking_service.expiry.schedule import ExpirySchedule
from shared.contracts.live_messages import SeatChanges


class Announcer(Protocol):
    """Takes the news of committed changes."""

    def announce(self, changes: SeatChanges) -> None:
        """Tell every viewer. Never raises, never waits."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryLimits:
    """Durations in seconds."""

    sweep_interval_s: float = 60.0
    """How often every instance looks for ended holds that nobody has released."""


@asynccontextmanager
async def running_worker(
    *,
    pool: "asyncpg.Pool[asyncpg.Record]",
    announcer: Announcer,
    redis_client: "redis.Redis",
    schedule: ExpirySchedule,
    limits: ExpiryLimits,
) -> AsyncIterator[None]:
    """Sweep in the background until the block ends. Needs neither server to be up."""
    yield
