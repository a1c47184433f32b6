"""The background task that tidies up: sweeps when a hold ends and every minute, forgets old keys, opens left gates."""

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import redis.asyncio as redis
import structlog

from booking_service.background import running
from booking_service.expiry.gates import GateReconciler
from booking_service.expiry.old_keys import forget_old_keys
from booking_service.expiry.schedule import ExpirySchedule
from booking_service.expiry.sweep import next_end_in_s, sweep
from booking_service.failpoints import Reach, pass_by
from booking_service.transactions import Announcer
from shared.chassis.unavailable import is_database_outage
from shared.redis_failures import REDIS_ALONE

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryLimits:
    """Durations in seconds. The defaults are the product's."""

    sweep_interval_s: float = 60.0
    """How often every instance tidies up, whatever it knows of."""
    sweep_batch: int = 500
    """Seats freed in one transaction; more ended holds take more transactions, one after the other."""
    others_grace_s: float = 0.5
    """How long the instance that placed a hold has to sweep it, before the others do."""
    key_batch: int = 500
    key_batches: int = 20
    """Idempotency keys deleted in one statement, and statements in one turn; the rest waits for the next turn."""
    gate_looks: int = 200
    """Steps of Redis' SCAN in one turn; the next turn goes on from there."""


class ExpiryWorker:
    """Tidies up on one instance. Any number of instances may; with none, nothing is wrong, only less tidy."""

    def __init__(
        self,
        *,
        pool: "asyncpg.Pool[asyncpg.Record]",
        announcer: Announcer,
        redis_client: "redis.Redis",
        schedule: ExpirySchedule,
        limits: ExpiryLimits,
        reach: Reach = pass_by,
    ) -> None:
        self._pool = pool
        self._reach = reach
        self._announcer = announcer
        self._gates = GateReconciler(redis_client, pool)
        self._schedule = schedule
        self._limits = limits
        self._known_outage = False

    async def run(self) -> None:
        """Tidy up, for ever. Outages of the database are logged once."""
        next_turn_at = time.monotonic()
        while True:
            try:
                await self.sweep()
                if time.monotonic() >= next_turn_at:
                    # Not all instances at the same moment.
                    next_turn_at = time.monotonic() + self._limits.sweep_interval_s * random.uniform(0.9, 1.1)  # noqa: S311
                    await self.tidy_up()
                self._known_outage = False
            except Exception as error:
                if not is_database_outage(error):
                    raise
                if not self._known_outage:
                    log.warning("holds.sweeping_paused", error=type(error).__name__)
                self._known_outage = True
                await asyncio.sleep(min(1.0, self._limits.sweep_interval_s))
            await self._schedule.wait(max(next_turn_at - time.monotonic(), 0))
            if self._schedule.take_due():
                await self._reach("expire", "before_sweep")

    async def sweep(self) -> int:
        """Free the seats of all ended holds, batch by batch; says how many. Raises what asyncpg raises."""
        freed = 0
        while True:
            swept = await sweep(self._pool, batch=self._limits.sweep_batch)
            freed += swept.seats
            if swept.seats:
                await self._reach("expire", "after_sweep")
            for changes in swept.changes:
                self._announcer.announce(changes)
            if swept.seats < self._limits.sweep_batch:
                break
        if freed:
            log.info("holds.swept", seats=freed)
        # Holds of instances that have died end on time too: whoever is left knows of the next one.
        next_end = await next_end_in_s(self._pool)
        self._schedule.note((math.inf if next_end is None else next_end) + self._limits.others_grace_s)
        return freed

    async def tidy_up(self) -> None:
        """Forget old idempotency keys, open gates left shut. Raises what asyncpg raises; Redis may be away."""
        forgotten = await forget_old_keys(self._pool, batch=self._limits.key_batch, batches=self._limits.key_batches)
        try:
            opened = await self._gates.reconcile(looks=self._limits.gate_looks)
        except REDIS_ALONE as error:
            log.warning("gates.not_reconciled", error=type(error).__name__)
            return
        if forgotten or opened:
            log.info("holds.tidied", idempotency_keys=forgotten, gates=opened)


@asynccontextmanager
async def running_worker(
    *,
    pool: "asyncpg.Pool[asyncpg.Record]",
    announcer: Announcer,
    redis_client: "redis.Redis",
    schedule: ExpirySchedule,
    limits: ExpiryLimits,
    reach: Reach = pass_by,
) -> AsyncIterator[None]:
    """Tidy up in the background until the block ends. Needs neither server to be up."""
    worker = ExpiryWorker(
        pool=pool, announcer=announcer, redis_client=redis_client, schedule=schedule, limits=limits, reach=reach
    )
    async with running("expiry", worker.run):
        yield
