"""The statement behind an overview: a page of events, each with what is sold of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from events_service.overview.schemas import OverviewFilter
from shared.models import Booking, Event, Seat

AnyRow = Row[*tuple[Any, ...]]

_COLUMNS = (
    Event.id,
    Event.name,
    Event.event_type,
    Event.venue,
    Event.city,
    Event.start_time,
    Event.time_zone,
    Event.status,
    Event.seat_count,
    Event.price_from,
    Event.currency,
)


class OverviewRepository:
    """Reads events with their sales."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, wanted: OverviewFilter) -> Sequence[AnyRow]:
        """The events that `wanted` describes, and one more if there is one: that is how a next page shows.

        One statement: each event of the page is looked up in the indexes of bookings and seats, of which only what is
        sold or held is read.
        """
        return (await self._session.execute(_page(wanted))).all()


def _page(wanted: OverviewFilter) -> Select[*tuple[Any, ...]]:
    bookings = (
        select(func.count().label("sold"), func.coalesce(func.sum(Booking.price), 0).label("revenue"))
        .where(Booking.event_id == Event.id, Booking.status == "confirmed")
        .lateral()
    )
    baskets = (
        select(func.count().label("held"))
        .where(Seat.event_id == Event.id, Seat.status == "held", Seat.hold_expiry > func.clock_timestamp())
        .lateral()
    )
    statement = (
        select(*_COLUMNS, bookings.c.sold, bookings.c.revenue, baskets.c.held)
        .select_from(Event)
        .join(bookings, true())
        .join(baskets, true())
    )
    place = tuple_(Event.start_time, Event.id)
    if wanted.text is not None:
        # autoescape: what is asked for is text, its % and _ mean themselves.
        statement = statement.where(
            or_(*(column.icontains(wanted.text, autoescape=True) for column in (Event.name, Event.venue, Event.city)))
        )
    after = None if wanted.after is None else (wanted.after.start_time, wanted.after.event_id)
    if wanted.when == "upcoming":
        statement = statement.where(Event.start_time >= func.now()).order_by(Event.start_time, Event.id)
        if after is not None:
            statement = statement.where(place > after)
    else:
        statement = statement.where(Event.start_time < func.now()).order_by(Event.start_time.desc(), Event.id.desc())
        if after is not None:
            statement = statement.where(place < after)
    return statement.limit(wanted.limit + 1)
