"""The operations: the product's own services, as a request would call them, each on a pool of one stepped connection.

The gate is off: it may only refuse, so every order that it lets through is among these.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from booking_service.answers import answer
from booking_service.bookings.service import BookingService
from booking_service.check_in.schemas import Scan
from booking_service.check_in.service import CheckInService
from booking_service.expiry.sweep import sweep
from booking_service.gate.seat_gate import NoGate
from booking_service.holds.service import HoldService
from booking_service.seat_directory import SeatDirectory
from booking_service.settings import BookingSettings
from booking_service.transactions import Writer
from events_service.administration.service import Actor, Administration
from events_service.catalog.cache import CatalogCache
from events_service.quick_redis import QuickRedis
from events_service.unit_of_work import get_session
from shared.chassis.idempotency import RequestKey, request_key
from shared.contracts.live_messages import SeatChanges
from shared.contracts.pictures import PictureAddresses
from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.interleavings.situations import JUMP_S, SET_CLOCK, Scene
from tests.support.apps import SECRET

SWEEP_BATCH = 500
CODES = TicketCodes(SECRET)
LONG_AGO = datetime(2026, 1, 1, 19, tzinfo=UTC)


class Listener:
    """Hears what is announced after COMMIT."""

    def announce(self, changes: SeatChanges) -> None:
        """See `Announcer`: nobody watches here."""


@dataclass(frozen=True)
class Services:
    """One instance of the services, for one operation."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    sessions: async_sessionmaker[AsyncSession]
    settings: BookingSettings
    directory: SeatDirectory

    @property
    def holds(self) -> HoldService:
        """The service of holds."""
        return HoldService(
            pool=self.pool,
            writer=self._writer,
            gate=NoGate(),
            directory=self.directory,
            note_end=lambda ends_in_s: None,
            settings=self.settings,
        )

    @property
    def bookings(self) -> BookingService:
        """The service of bookings."""
        return BookingService(pool=self.pool, writer=self._writer, gate=NoGate(), pictures=PictureAddresses("/api"))

    @property
    def door(self) -> CheckInService:
        """The service of the door."""
        return CheckInService(writer=self._writer, codes=CODES)

    async def delete_event(self, event_id: int, *, force: bool, actor: Actor) -> None:
        """DELETE /events/{id}, within the product's own unit of work. Nobody has cached anything or is told."""
        request: Any = SimpleNamespace(state=SimpleNamespace(sessions=self.sessions))
        async with asynccontextmanager(get_session)(request) as session:
            administration = Administration(
                session,
                cache=cast("CatalogCache", _Forgetful()),
                redis=cast("QuickRedis", _Forgetful()),
                artwork=cast("Any", None),
                pictures=PictureAddresses("/api"),
                stored_plan=cast("Any", None),
            )
            await administration.delete(event_id, force=force, actor=actor)

    @property
    def _writer(self) -> Writer:
        return Writer(self.pool, Listener(), pool_wait_s=5)


Operation = Callable[[Services, Scene], Awaitable[object]]


@dataclass(frozen=True)
class Together:
    """The answers of a batch, by the operations that were in it."""

    answers: Mapping[str, object]


async def hold_a(services: Services, scene: Scene) -> object:
    """Ann wants 1 and 2."""
    return await services.holds.place(scene.seats[:2], holder=scene.people.ann.id, key=None, instance="/hold-seat")


async def hold_b(services: Services, scene: Scene) -> object:
    """Ben wants 2 and 3."""
    return await services.holds.place(scene.seats[1:], holder=scene.people.ben.id, key=None, instance="/hold-seat")


async def holds_ab(services: Services, scene: Scene) -> object:
    """Ann wants 1 and 2, Ben wants 2 and 3, and both are in one batch."""
    people, seats, holds = scene.people, scene.seats, services.holds
    anns, bens = await asyncio.gather(
        holds.place(seats[:2], holder=people.ann.id, key=None, instance="/hold-seat"),
        holds.place(seats[1:], holder=people.ben.id, key=None, instance="/hold-seat"),
        return_exceptions=True,
    )
    return Together({"holdA": anns, "holdB": bens})


async def hold_a2(services: Services, scene: Scene) -> object:
    """Ann's other tab wants 3; with 1 and 2 that would be beyond the limit of two seats."""
    return await services.holds.place(scene.seats[2:], holder=scene.people.ann.id, key=None, instance="/hold-seat")


async def hold_c(services: Services, scene: Scene) -> object:
    """Cem, who has H already, wants 1; with 2 and 3 that would be beyond the limit of two seats."""
    return await services.holds.place(scene.seats[:1], holder=scene.people.cem.id, key=None, instance="/hold-seat")


async def keyed_hold(services: Services, scene: Scene) -> object:
    """Ann wants 1 and 2, with an idempotency key."""
    wanted = scene.seats[:2]
    key = _key(scene, scene.people.ann.id, "hold", list(wanted))
    return await services.holds.place(wanted, holder=scene.people.ann.id, key=key, instance="/hold-seat")


async def confirm(services: Services, scene: Scene) -> object:
    """Cem confirms H."""
    return await services.bookings.confirm(
        hold_id=scene.hold_h, seat_id=None, buyer=scene.people.cem.id, key=None, instance="/confirm-booking"
    )


async def keyed_confirm(services: Services, scene: Scene) -> object:
    """Cem confirms H, with an idempotency key."""
    key = _key(scene, scene.people.cem.id, "confirm", str(scene.hold_h))
    return await services.bookings.confirm(
        hold_id=scene.hold_h, seat_id=None, buyer=scene.people.cem.id, key=key, instance="/confirm-booking"
    )


async def release(services: Services, scene: Scene) -> object:
    """Cem gives H back."""
    return await services.holds.release(scene.hold_h, holder=scene.people.cem.id, key=None, instance="/release-hold")


async def extend(services: Services, scene: Scene) -> object:
    """Cem asks for more time for H."""
    return await services.holds.extend(scene.hold_h, holder=scene.people.cem.id, key=None, instance="/extend-hold")


async def cancel(services: Services, scene: Scene) -> object:
    """Dan cancels the booking of seat 2."""
    return await services.bookings.cancel(
        scene.booking_id, buyer=scene.people.dan.id, key=None, instance="/cancel-booking"
    )


async def keyed_cancel(services: Services, scene: Scene) -> object:
    """Dan cancels the booking of seat 2, with an idempotency key."""
    key = _key(scene, scene.people.dan.id, "cancel", scene.booking_id)
    return await services.bookings.cancel(
        scene.booking_id, buyer=scene.people.dan.id, key=key, instance="/cancel-booking"
    )


async def admit(services: Services, scene: Scene) -> object:
    """Dan shows the ticket of seat 2 at the door."""
    return await _scan(services, scene, gate="North")


async def tell(services: Services, scene: Scene) -> object:
    """A scanner that had no network tells that it has let Dan in."""
    return await _scan(services, scene, gate="South", scanned_at=LONG_AGO)


async def tell_elsewhere(services: Services, scene: Scene) -> object:
    """Another scanner that had none has let him in too."""
    return await _scan(services, scene, gate="East", scanned_at=LONG_AGO)


async def expire(services: Services, _scene: Scene) -> object:
    """A sweep."""
    await sweep(services.pool, batch=SWEEP_BATCH)
    return answer(200)


async def delete(services: Services, scene: Scene) -> object:
    """Eve deletes the event; with its bookings, if there were some when she looked."""
    actor = Actor(user_id=scene.people.eve.id, request_id="interleavings")
    await services.delete_event(scene.event_id, force=scene.situation.startswith("sold"), actor=actor)
    return answer(204)


async def clock(services: Services, _scene: Scene) -> object:
    """Time passes: H, unless it has been extended, ends."""
    await services.pool.fetchval(SET_CLOCK, JUMP_S)
    return answer(200)


OPERATIONS: Mapping[str, Operation] = {
    "holdA": hold_a,
    "holdB": hold_b,
    "confirm": confirm,
    "release": release,
    "extend": extend,
    "cancel": cancel,
    "expire": expire,
    "delete": delete,
    "clock": clock,
}
"""Those that are combined, each with each."""

TWINS: Mapping[str, Operation] = {
    "holdsAB": holds_ab,
    "holdA2": hold_a2,
    "holdC": hold_c,
    "confirm2": confirm,
    "release2": release,
    "extend2": extend,
    "cancel2": cancel,
    "expire2": expire,
    "delete2": delete,
    "keyedHold": keyed_hold,
    "keyedHold2": keyed_hold,
    "keyedConfirm": keyed_confirm,
    "keyedConfirm2": keyed_confirm,
    "keyedCancel": keyed_cancel,
    "keyedCancel2": keyed_cancel,
    "admit": admit,
    "admit2": admit,
    "tell": tell,
    "tell2": tell,
    "tellElsewhere": tell_elsewhere,
}
"""Two in one batch; the same again by the same person: a double click, a second tab, a retry with its key; and those of
the door, which concern nobody but cancellations and deletions."""

ALL: Mapping[str, Operation] = {**OPERATIONS, **TWINS}
HOLD_LIMIT = 2
HOLD_DURATION = timedelta(minutes=5)


def is_twin_of(one: str, other: str) -> bool:
    """Whether both are the same request with the same key: then they get the same answer."""
    return one.startswith("keyed") and other == f"{one}2"


class _Forgetful:
    """Stands in for the catalogue's cache and for Redis, which are told after COMMIT and decide nothing."""

    async def forget(self) -> None:
        """See `CatalogCache`."""

    async def ask(self, question: Callable[[Redis], Awaitable[Any]]) -> None:
        """See `QuickRedis`."""


async def _scan(services: Services, scene: Scene, *, gate: str, scanned_at: datetime | None = None) -> object:
    code = CODES.sign(Ticket(scene.event_id, scene.booking_id))
    scan = Scan.model_construct(code=code, event_id=scene.event_id, gate=gate, scanned_at=scanned_at)
    return await services.door.admit(scan, admin=scene.people.eve.id, key=None, instance="/check-in")


def _key(scene: Scene, user_id: int, operation: str, body: object) -> RequestKey | None:
    return request_key(user_id, f"{scene.keys}-{operation}", operation, body)
