"""What administrators do to events: each act is one transaction, with its entry in the audit log."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from events_service.administration.errors import EventHasBookings
from events_service.administration.repository import EventRepository
from events_service.administration.schemas import EventChange, EventCreate
from events_service.artwork.strategy import ArtworkPicker
from events_service.catalog.cache import CatalogCache
from events_service.catalog.schemas import EventDetails, event_details
from events_service.documents import Document
from events_service.idempotency import claim, keep
from events_service.quick_redis import QuickRedis, RedisDown
from events_service.seat_plans import (
    DEFAULT_PRICES,
    EVENT_TYPES,
    CapacityOutOfRange,
    Category,
    LeftUnpainted,
    MalformedSeatPlan,
    NotToBePainted,
    SeatPlan,
    Stroke,
    UnknownTemplate,
    painted,
    price_table,
    seat_plan_for,
)
from events_service.seat_plans.store import NewEvent, insert_event
from events_service.unit_of_work import announce
from shared.chassis.idempotency import RequestKey
from shared.chassis.problems import NotFound, Unprocessable
from shared.clock import utc_now
from shared.contracts.live_messages import EventRemoved, encode
from shared.contracts.pictures import PictureAddresses
from shared.contracts.redis_keys import live_channel
from shared.models import AuditEntry, Event

StoredPlans = Callable[[str], Awaitable[Document]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Which administrator acts, in which request."""

    user_id: int
    request_id: str


class Administration:
    """Creates, changes and deletes events within `session`. What readers have cached ends with the commit.

    `stored_plan` reads a plan's document by its hash, in a session of its own, and raises `NotFound`.
    """

    def __init__(
        self,
        session: AsyncSession,
        *,
        cache: CatalogCache,
        redis: QuickRedis,
        artwork: ArtworkPicker,
        pictures: PictureAddresses,
        stored_plan: StoredPlans,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._session = session
        self._events = EventRepository(session)
        self._cache = cache
        self._redis = redis
        self._artwork = artwork
        self._pictures = pictures
        self._stored_plan = stored_plan
        self._now = now

    async def create(self, new: EventCreate, *, actor: Actor, key: RequestKey | None = None) -> EventDetails:
        """Put an event on sale, with all its seats. With a `key` that has done so before: the event as it was then.

        Raises `Unprocessable`.
        """
        self._refuse_past(new.start_time)
        plan = await _painted_plan(new, await self._plan_of(new))
        prices = _prices_of(new, plan)
        # Before the first statement: nobody's transaction waits for somebody else's server.
        image_url = new.image_url or await self._artwork.pick(event_type=new.event_type, name=new.name)
        if key and (told := await claim(self._session, key)):
            return EventDetails.model_validate_json(told)
        event_id = await insert_event(
            self._session,
            NewEvent(
                name=new.name,
                event_type=new.event_type,
                venue=new.venue,
                city=new.city,
                start_time=new.start_time,
                description=new.description,
                currency=new.currency,
                image_url=image_url,
                time_zone=new.time_zone,
            ),
            plan,
            prices,
        )
        event = await self._events.event(event_id)
        if event is None:
            raise NotFound
        self._record(actor, "event.created", event_id, {"event": _told(event)})
        announce(self._session, self._cache.forget)
        details = event_details(event, self._pictures)
        if key:
            await keep(self._session, key, status=201, body=details.model_dump_json())
        return details

    async def change(self, event_id: int, change: EventChange, *, actor: Actor) -> EventDetails:
        """Change what is said about an event; its seats and prices stay. Raises `NotFound`, `Unprocessable`."""
        changes = change.changes()
        if "start_time" in changes:
            self._refuse_past(changes["start_time"])
        event = await self._events.change(event_id, changes)
        if event is None:
            raise NotFound
        self._record(actor, "event.changed", event_id, {"changes": {k: _plain(v) for k, v in changes.items()}})
        announce(self._session, self._cache.forget)
        return event_details(event, self._pictures)

    async def delete(self, event_id: int, *, force: bool, actor: Actor) -> None:
        """Delete an event with its seats, holds and bookings.

        Raises `NotFound`, and without `force` `EventHasBookings`.

        Concurrent holds and confirmations are over before it looks, or find nothing after it: it locks the rows that
        they write. The ledger shows each seat as blocked, and the audit log keeps every booking, for the refunds.
        """
        if await self._events.lock_seats(event_id) == 0:
            raise NotFound
        event = await self._events.event(event_id)
        if event is None:
            raise NotFound
        bookings = await self._events.bookings(event_id)
        confirmed = sum(booking["status"] == "confirmed" for booking in bookings)
        if confirmed and not force:
            raise EventHasBookings(confirmed)
        told = _told(event)
        await self._events.remove(event)
        self._record(
            actor,
            "event.force_deleted" if confirmed else "event.deleted",
            event_id,
            {"event": told, "confirmed_bookings": confirmed, "bookings": bookings},
        )
        announce(self._session, self._cache.forget)
        announce(self._session, lambda: self._tell_viewers(event_id))

    async def _plan_of(self, new: EventCreate) -> SeatPlan:
        if new.seat_plan is None:
            return await _drawn_plan(new)
        if new.event_type not in EVENT_TYPES:
            raise _refused("event_type", f"event type must be one of {', '.join(EVENT_TYPES)}")
        try:
            document = await self._stored_plan(new.seat_plan)
            return await asyncio.to_thread(SeatPlan.read, document.content)
        except NotFound:
            raise _refused("seat_plan", "no plan of this hash is stored") from None
        except MalformedSeatPlan as error:
            raise _refused("seat_plan", str(error)) from None

    async def _tell_viewers(self, event_id: int) -> None:
        message = encode(EventRemoved(event_id))
        try:
            await self._redis.ask(lambda redis: redis.publish(live_channel(event_id), message))
        except RedisDown:
            return

    def _refuse_past(self, start_time: datetime) -> None:
        if start_time <= self._now():
            raise _refused("start_time", "must be in the future")

    def _record(self, actor: Actor, action: str, event_id: int, detail: dict[str, Any]) -> None:
        self._events.record(
            AuditEntry(
                actor_id=actor.user_id,
                action=action,
                object_type="event",
                object_id=str(event_id),
                detail=detail,
                request_id=actor.request_id,
            )
        )


async def _drawn_plan(new: EventCreate) -> SeatPlan:
    try:
        # Off the event loop: drawing a stadium takes long enough for other requests to notice.
        return await asyncio.to_thread(seat_plan_for, new.event_type, template=new.template, capacity=new.capacity)
    except UnknownTemplate as error:
        raise _refused("template" if new.template else "event_type", str(error)) from None
    except CapacityOutOfRange as error:
        raise _refused("capacity", str(error)) from None


async def _painted_plan(new: EventCreate, plan: SeatPlan) -> SeatPlan:
    if new.paint is None and new.categories is None:
        return plan
    strokes = [Stroke(paint.category, paint.sections, paint.rows, paint.instead_of) for paint in new.paint or ()]
    bands = new.categories
    categories = None if bands is None else [Category(band.key, band.name, band.tier) for band in bands]
    try:
        return await asyncio.to_thread(painted, plan, strokes, categories)
    except NotToBePainted as error:
        raise _refused("paint", str(error), error.stroke) from None
    except LeftUnpainted as error:
        raise _refused("paint", str(error)) from None
    except MalformedSeatPlan as error:
        raise _refused("categories", str(error)) from None


def _prices_of(new: EventCreate, plan: SeatPlan) -> dict[str, int]:
    if new.prices is None:
        return price_table(plan, DEFAULT_PRICES[new.event_type] if new.base_price is None else new.base_price)
    categories = {category.key for category in plan.categories}
    if new.prices.keys() != categories:
        raise _refused("prices", f"must price these categories, and no other: {', '.join(sorted(categories))}")
    return new.prices


def _refused(member: str, why: str, *deeper: int) -> Unprocessable:
    return Unprocessable(f"Check {member}.", errors=[{"loc": ["body", member, *map(str, deeper)], "msg": why}])


def _told(event: Event) -> dict[str, Any]:
    """The event, as the audit log keeps it."""
    return {column.key: _plain(getattr(event, column.key)) for column in Event.__table__.columns}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
