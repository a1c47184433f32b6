"""The catalogue's queries. Each is one statement."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from events_service.catalog.schemas import EventFilter, SeatRow
from shared.models import Event, Seat, StoredSeatPlan

AnyRow = Row[*tuple[Any, ...]]

BROWSE_COLUMNS = (
    Event.id,
    Event.name,
    Event.event_type,
    Event.venue,
    Event.city,
    Event.start_time,
    Event.image_url,
    Event.price_from,
    Event.currency,
)


class CatalogRepository:
    """Reads events, seats and plans."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, wanted: EventFilter) -> Sequence[AnyRow]:
        """The events that `wanted` describes, and one more if there is one: that is how a next page shows."""
        return (await self._session.execute(_page(wanted))).all()

    async def showtimes(self, movie: str) -> Sequence[AnyRow]:
        """(name, venue, city, id, start_time, price_from) of the movie's coming performances; case does not matter."""
        statement = (
            select(Event.name, Event.venue, Event.city, Event.id, Event.start_time, Event.price_from)
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

    async def seats(self, event_id: int, *, status: str | None, section: str | None) -> list[SeatRow] | None:
        """The event's seats in plan order, as of one instant of the database's clock; `None` without the event."""
        # On the connection, not the session: what the ORM does for each row took longer than the query.
        connection = await self._session.connection()
        rows = (await connection.execute(_seats(event_id, status, section))).all()
        if not rows:
            return None
        return [SeatRow(*row) for row in rows if row[0] is not None]

    async def plan(self, event_id: int, *, known: Collection[str]) -> tuple[str, str | None] | None:
        """(hash, document) of the event's plan, without the document when its hash is `known`."""
        document = case((StoredSeatPlan.hash.in_(known), None), else_=StoredSeatPlan.document)
        statement = (
            select(StoredSeatPlan.hash, document)
            .join(Event, Event.seat_plan_hash == StoredSeatPlan.hash)
            .where(Event.id == event_id)
        )
        row = (await self._session.execute(statement)).one_or_none()
        return None if row is None else (row[0], row[1])


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


def _seats(event_id: int, status: str | None, section: str | None) -> Select[*tuple[Any, ...]]:
    # statement_timestamp(): one instant for the whole answer, by the clock that also decides who may hold.
    ended = and_(Seat.status == "held", Seat.hold_expiry <= func.statement_timestamp())
    status_now = case((ended, "available"), else_=Seat.status)
    belongs = [Seat.event_id == Event.id]
    if status is not None:
        belongs.append(status_now == status)
    if section is not None:
        belongs.append(Seat.section == section)
    # From the event to its seats, so that one statement tells "no such event" from "no such seats".
    return (
        select(
            Seat.id,
            Seat.seat_number,
            Seat.section,
            Seat.row_label,
            Seat.x,
            Seat.y,
            Seat.category,
            Seat.price,
            Event.currency,
            status_now,
            Seat.version,
        )
        .select_from(Event)
        .outerjoin(Seat, and_(*belongs))
        .where(Event.id == event_id)
        .order_by(Seat.id)
    )
