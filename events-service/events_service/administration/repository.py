"""Statements that change or remove an event. Who calls them holds the transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import TextClause, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from events_service.seat_plans.store import SEATS_PER_STATEMENT
from shared.models import AuditEntry, Event

# Sorted, as everybody locks seats, so that two who want the same ones wait instead of deadlocking. Seats come before
# every other row of the event: holding them all, nobody else holds or can begin to write a booking or order of it.
_LOCK_SEATS = text("""
    SELECT count(*) FROM (SELECT id FROM seats WHERE event_id = :event_id ORDER BY id FOR UPDATE) AS locked
""")

_BOOKINGS = text("""
    SELECT bookings.id AS booking_id, bookings.order_id, bookings.user_id, bookings.seat_id, seats.seat_number,
           bookings.price, bookings.currency, bookings.status, bookings.admitted_at IS NOT NULL AS admitted
    FROM bookings JOIN seats ON seats.id = bookings.seat_id
    WHERE bookings.event_id = :event_id
    ORDER BY bookings.id
    FOR UPDATE OF bookings
""")

_BLOCK_SEATS = text("""
    UPDATE seats
    SET status = 'blocked', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL, booking_id = NULL,
        version = version + 1
    WHERE event_id = :event_id AND id >= :first AND id < :end AND status <> 'blocked'
""")

_REMOVE_DOUBLE_ENTRIES = text("DELETE FROM double_entries WHERE event_id = :event_id")
_REMOVE_BOOKINGS = text("DELETE FROM bookings WHERE event_id = :event_id")
_REMOVE_ORDERS = text("DELETE FROM orders WHERE event_id = :event_id")
_REMOVE_SEATS = text("DELETE FROM seats WHERE event_id = :event_id AND id >= :first AND id < :end")
_REMOVE_EVENT = text("DELETE FROM events WHERE id = :event_id")


class EventRepository:
    """Events, as administrators handle them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def exists(self, event_id: int) -> bool:
        """Whether there is such an event."""
        return bool(await self._session.scalar(select(exists().where(Event.id == event_id))))

    async def event(self, event_id: int) -> Event | None:
        """The event as it is now, if there is one."""
        return await self._session.get(Event, event_id, populate_existing=True)

    async def change(self, event_id: int, changes: Mapping[str, Any]) -> Event | None:
        """The event with `changes` (by column); `None` when it is gone."""
        statement = (
            update(Event)
            .where(Event.id == event_id)
            .values(**changes, updated_at=func.clock_timestamp())
            .returning(Event)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()

    async def lock_seats(self, event_id: int) -> int:
        """Keep every hold, confirmation and cancellation of this event waiting until the end of the transaction; the
        number of its seats. 0: the event is gone, for an event has at least one seat.
        """
        return int((await self._session.execute(_LOCK_SEATS, {"event_id": event_id})).scalar_one())

    async def bookings(self, event_id: int) -> list[dict[str, Any]]:
        """Every booking of the event, as the audit log keeps it."""
        rows = (await self._session.execute(_BOOKINGS, {"event_id": event_id})).mappings()
        return [{**row, "order_id": str(row["order_id"])} for row in rows]

    async def remove(self, event: Event) -> None:
        """Block the seats, which the ledger remembers, and delete everything. Needs `lock_seats` first."""
        parameters = {"event_id": event.id}
        await self._for_all_seats(_BLOCK_SEATS, event)
        await self._session.execute(_REMOVE_DOUBLE_ENTRIES, parameters)
        await self._session.execute(_REMOVE_BOOKINGS, parameters)
        await self._session.execute(_REMOVE_ORDERS, parameters)
        await self._for_all_seats(_REMOVE_SEATS, event)
        await self._session.execute(_REMOVE_EVENT, parameters)

    async def _for_all_seats(self, statement: TextClause, event: Event) -> None:
        """Run it on the event's seats, some at a time."""
        event_id, first, end = event.id, event.first_seat_id, event.first_seat_id + event.seat_count
        for start in range(first, end, SEATS_PER_STATEMENT):
            some = {"first": start, "end": min(start + SEATS_PER_STATEMENT, end)}
            await self._session.execute(statement, {"event_id": event_id, **some})

    def record(self, entry: AuditEntry) -> None:
        """Write into the audit log, in this transaction."""
        self._session.add(entry)
