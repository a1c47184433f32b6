"""Statements that change or remove an event. Who calls them holds the transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.models import AuditEntry, Event

# Sorted, as everybody locks seats, so that two who want the same ones wait instead of deadlocking. Seats come before
# every other row of the event: holding them all, nobody else holds or can begin to write a booking or order of it.
_LOCK_SEATS = text("""
    SELECT count(*) FROM (SELECT id FROM seats WHERE event_id = :event_id ORDER BY id FOR UPDATE) AS locked
""")

_BOOKINGS = text("""
    SELECT bookings.id AS booking_id, bookings.order_id, bookings.user_id, bookings.seat_id, seats.seat_number,
           bookings.price, bookings.currency, bookings.status
    FROM bookings JOIN seats ON seats.id = bookings.seat_id
    WHERE bookings.event_id = :event_id
    ORDER BY bookings.id
    FOR UPDATE OF bookings
""")

_BLOCK_SEATS = text("""
    UPDATE seats
    SET status = 'blocked', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL, booking_id = NULL,
        version = version + 1
    WHERE event_id = :event_id AND status <> 'blocked'
""")

_REMOVE = tuple(
    text(f"DELETE FROM {table} WHERE {column} = :event_id")  # noqa: S608 - the names are in the next line
    for table, column in (("bookings", "event_id"), ("orders", "event_id"), ("seats", "event_id"), ("events", "id"))
)


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

    async def remove(self, event_id: int) -> None:
        """Block the seats, which the ledger remembers, and delete everything. Needs `lock_seats` first."""
        await self._session.execute(_BLOCK_SEATS, {"event_id": event_id})
        for statement in _REMOVE:
            await self._session.execute(statement, {"event_id": event_id})

    def record(self, entry: AuditEntry) -> None:
        """Write into the audit log, in this transaction."""
        self._session.add(entry)
