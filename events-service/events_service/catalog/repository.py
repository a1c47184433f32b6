"""The catalogue's queries. Each is one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from events_service.catalog.schemas import EventFilter
from shared.models import Event, StoredSeatPlan

AnyRow = Row[*tuple[Any, ...]]

BROWSE_COLUMNS = (
    Event.id,
    Event.name,
    Event.event_type,
    Event.venue,
    Event.city,
    Event.start_time,
    Event.time_zone,
    Event.image_url,
    Event.price_from,
    Event.currency,
)


class CatalogRepository:
    """Reads events and plans."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, wanted: EventFilter) -> Sequence[AnyRow]:
        """The events that `wanted` describes, and one more if there is one: that is how a next page shows."""
        return (await self._session.execute(_page(wanted))).all()

    async def showtimes(self, movie: str) -> Sequence[AnyRow]:
        """(name, venue, city, id, start_time, time_zone, price_from, currency) of the movie's coming performances; case
        does not matter."""
        statement = (
            select(
                Event.name,
                Event.venue,
                Event.city,
                Event.id,
                Event.start_time,
                Event.time_zone,
                Event.price_from,
                Event.currency,
            )
            .where(
                Event.event_type == "movie",
                func.lower(Event.name) == func.lower(movie),
                Event.start_time >= func.now(),
            )
            .order_by(Event.venue, Event.city, Event.start_time, Event.id)
        )
        return (await self._session.execute(statement)).all()

    async def event(self, event_id: int) -> Event | None:
        """The event, if there is one."""
        return await self._session.get(Event, event_id)

    async def plan_of(self, event_id: int) -> tuple[str, str] | None:
        """(hash, document) of the event's plan; `None` without the event."""
        statement = (
            select(StoredSeatPlan.hash, StoredSeatPlan.document)
            .join(Event, Event.seat_plan_hash == StoredSeatPlan.hash)
            .where(Event.id == event_id)
        )
        row = (await self._session.execute(statement)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def plan(self, plan_hash: str) -> str | None:
        """The document of that hash, if there is one."""
        return await self._session.scalar(select(StoredSeatPlan.document).where(StoredSeatPlan.hash == plan_hash))


def _page(wanted: EventFilter) -> Select[*tuple[Any, ...]]:
    statement = select(*BROWSE_COLUMNS).where(
        Event.start_time >= (func.now() if wanted.starts_from is None else wanted.starts_from)
    )
    if wanted.starts_before is not None:
        statement = statement.where(Event.start_time < wanted.starts_before)
    if wanted.event_type is not None:
        statement = statement.where(Event.event_type == wanted.event_type)
    if wanted.city is not None:
        statement = statement.where(func.lower(Event.city) == func.lower(wanted.city))
    if wanted.text is not None:
        # autoescape: what is asked for is text, its % and _ mean themselves.
        statement = statement.where(
            or_(
                Event.name.icontains(wanted.text, autoescape=True),
                Event.venue.icontains(wanted.text, autoescape=True),
            )
        )
    if wanted.after is not None:
        statement = statement.where(
            tuple_(Event.start_time, Event.id) > (wanted.after.start_time, wanted.after.event_id)
        )
    return statement.order_by(Event.start_time, Event.id).limit(wanted.limit + 1)
