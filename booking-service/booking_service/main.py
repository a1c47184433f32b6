"""The booking service, on a page."""

import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from random import SystemRandom
from typing import Any

import redis.asyncio as redis
from fastapi import FastAPI

from booking_service.background import running
from booking_service.bookings.router import router as bookings_router
from booking_service.bookings.service import BookingService
from booking_service.check_in.router import router as check_in_router
from booking_service.check_in.service import CheckInService
from booking_service.choosing.alternatives import NearestBlocks
from booking_service.choosing.catalog import Catalog
from booking_service.choosing.router import router as choosing_router
from booking_service.choosing.scenes import Scenes
from booking_service.choosing.service import Choosing
from booking_service.expiry import ExpiryLimits, ExpirySchedule, running_worker
from booking_service.failpoints import armed
from booking_service.gate.seat_gate import NoGate, RedisGate
from booking_service.holds import taking
from booking_service.holds.router import router as holds_router
from booking_service.holds.service import HoldService
from booking_service.hot_routes import HotRoutes
from booking_service.live import LiveLimits, open_hub
from booking_service.live import router as live_router
from booking_service.redis_pipe import RedisPipe
from booking_service.sales.refusals import Refusals
from booking_service.sales.router import router as sales_router
from booking_service.sales.service import SalesService
from booking_service.seat_directory import SeatDirectory
from booking_service.sessions import batched_lookup
from booking_service.settings import BookingSettings
from booking_service.tickets.router import router as tickets_router
from booking_service.tickets.service import TicketService
from booking_service.transactions import Writer
from shared.chassis.health import Dependency
from shared.chassis.identity import TokenIdentifier
from shared.chassis.service import create_service
from shared.contracts.pictures import PictureAddresses
from shared.contracts.ticket_codes import TicketCodes
from shared.database import DURABILITY_SETTINGS, open_pool, refuse_unsafe_settings

DESCRIPTION = """Holds and bookings of seats, and the live map of every event.

* **Best available**: so many places for a party, together and well chosen; docs/best-available.md has the rules.
* **Hold** seats for five minutes, all or none; **confirm** them into bookings; **cancel** a booking.
* A confirmed booking has a **ticket** with a signed code, to show at the door.
* **Check-in** lets each ticket in once, for administrators.
* Send an `Idempotency-Key` with every write: the same key settles what a lost answer left open.
* **Sales**: how an event sells, for administrators.
* `ws://…/ws/events/{event_id}` sends a snapshot of all seats, then every change (docs/live-protocol.md).

Prices are whole minor units of an ISO 4217 currency; times are RFC 3339 in UTC. Errors are problem details (RFC 9457).
"""


def create_app(settings: BookingSettings | None = None) -> FastAPI:
    """The app. Without `settings`, they are read from the environment."""
    settings = settings or BookingSettings()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        async with AsyncExitStack() as stack:
            # With failpoints, PostgreSQL has to tell this process's connections from those of other instances.
            name = f"frontrow-booking-{os.getpid()}" if settings.failpoints else "frontrow-booking"
            reach = armed(settings.failpoints, database_url=str(settings.database_url), application_name=name)
            pool = await stack.enter_async_context(open_pool(settings, application_name=name, prepare=taking.prepare))
            refuse_unsafe_settings(dict(await pool.fetchrow(DURABILITY_SETTINGS) or {}), settings.environment)
            redis_client = redis.Redis.from_url(
                str(settings.redis_url),
                socket_timeout=settings.gate_timeout_s,
                socket_connect_timeout=settings.gate_timeout_s,
            )
            stack.push_async_callback(redis_client.aclose)
            pipe = RedisPipe(str(settings.redis_url), timeout_s=settings.gate_timeout_s)
            stack.push_async_callback(pipe.aclose)
            gate = RedisGate(pipe) if settings.gate_enabled else NoGate()
            hub = await stack.enter_async_context(
                open_hub(
                    pool=pool,
                    redis_url=str(settings.redis_url),
                    limits=LiveLimits(
                        heal_interval_s=settings.heal_interval_s,
                        heartbeat_interval_s=settings.heartbeat_interval_s,
                        allowed_origins=settings.allowed_origins,
                    ),
                    reach=reach,
                )
            )
            schedule = ExpirySchedule()
            await stack.enter_async_context(
                running_worker(
                    pool=pool,
                    announcer=hub,
                    redis_client=redis_client,
                    schedule=schedule,
                    limits=ExpiryLimits(sweep_interval_s=settings.sweep_interval_s),
                    reach=reach,
                )
            )
            refusals = Refusals(redis_client)
            stack.push_async_callback(refusals.tell)
            await stack.enter_async_context(running("refusals", refusals.keep_telling))
            secret = settings.jwt_secret.get_secret_value()
            writer = Writer(pool, hub, pool_wait_s=settings.database_pool_wait_s, reach=reach)
            scenes = Scenes(Catalog(pool), hub, rng=SystemRandom(), monotonic=time.monotonic)
            alternatives = NearestBlocks(scenes)
            stack.push_async_callback(alternatives.aclose)
            holds = HoldService(
                pool=pool,
                writer=writer,
                gate=gate,
                directory=SeatDirectory(pool),
                note_end=schedule.note,
                settings=settings,
                alternatives=alternatives,
                note_refusal=refusals.note,
                reach=reach,
            )
            bookings = BookingService(
                pool=pool,
                writer=writer,
                gate=gate,
                pictures=PictureAddresses(settings.public_api_prefix),
                reach=reach,
            )
            codes = TicketCodes(secret, [old.get_secret_value() for old in settings.ticket_old_secrets])
            yield {
                "settings": settings,
                "hub": hub,
                "identifier": TokenIdentifier(
                    secret=secret,
                    lookup=batched_lookup(pool, pool_wait_s=settings.database_pool_wait_s),
                ),
                "dependencies": (
                    Dependency("postgres", lambda: pool.fetchval("SELECT 1"), required=True),
                    Dependency("redis", redis_client.ping, required=False),
                ),
                "holds": holds,
                "choosing": Choosing(scenes, holds),
                "bookings": bookings,
                "sales": SalesService(pool=pool, refusals=refusals, pool_wait_s=settings.database_pool_wait_s),
                "tickets": TicketService(bookings=bookings, codes=codes),
                "check_in": CheckInService(writer=writer, codes=codes, reach=reach),
            }

    return create_service(
        name="booking",
        title="Frontrow booking service",
        description=DESCRIPTION,
        settings=settings,
        lifespan=lifespan,
        routers=(
            *(holds_router, choosing_router, bookings_router, tickets_router),
            *(check_in_router, sales_router, live_router),
        ),
        thin_edge=HotRoutes,
    )
