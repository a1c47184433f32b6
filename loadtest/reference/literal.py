"""The described design, read literally: async endpoints that call synchronous libraries on the event loop.

The gate is taken, the row is read, its status is looked at and then changed, and everybody who watches is sent the news
before the answer. While one request waits for PostgreSQL, nobody else is served. With plain functions instead and the
same dependency it stops altogether: FastAPI closes a dependency in a thread, and the threads wait for connections.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import redis
from fastapi import Depends, FastAPI, HTTPException, WebSocket
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from loadtest.reference.common import (
    HOLD_DURATION,
    PAGE_SIZE,
    Booked,
    ConnectionManager,
    Held,
    SeatWanted,
    Settings,
    current_user,
)
from loadtest.reference.schema import Booking, Event, Seat

User = Annotated[int, Depends(current_user)]


def create_app() -> FastAPI:
    """The app, with its settings from the environment."""
    settings = Settings.from_environment()
    sessions = sessionmaker(create_engine(settings.database_url, pool_size=20, max_overflow=20))
    cache = redis.Redis.from_url(settings.redis_url)
    viewers = ConnectionManager()
    app = FastAPI()

    def get_db() -> Iterator[Session]:
        with sessions() as session:
            yield session

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/hold-seat", status_code=201)
    async def hold_seat(wanted: SeatWanted, user_id: User, session: Annotated[Session, Depends(get_db)]) -> Held:
        if not cache.set(f"seat_lock:{wanted.seat_id}", user_id, nx=True, ex=int(HOLD_DURATION.total_seconds())):
            raise HTTPException(409, "Seat is not available")
        seat = session.get(Seat, wanted.seat_id)
        if seat is None or seat.status != "available":
            raise HTTPException(409, "Seat is not available")
        seat.status, seat.held_by, seat.held_at = "held", user_id, datetime.now(UTC)
        seat.hold_expiry = seat.held_at + HOLD_DURATION
        event_id, seat_number = seat.event_id, seat.seat_number
        session.commit()
        await viewers.broadcast(event_id, wanted.seat_id, seat_number, "held")
        return Held(seat_id=wanted.seat_id, status="held", expires_in=int(HOLD_DURATION.total_seconds()))

    @app.post("/confirm-booking", status_code=201)
    async def confirm_booking(
        wanted: SeatWanted, user_id: User, session: Annotated[Session, Depends(get_db)]
    ) -> Booked:
        seat = session.get(Seat, wanted.seat_id)
        if seat is None or seat.status != "held" or seat.held_by != user_id:
            raise HTTPException(410, "The hold has ended")
        seat.status, seat.held_by = "booked", None
        event_id, seat_number = seat.event_id, seat.seat_number
        booking = Booking(
            user_id=user_id, event_id=event_id, seat_id=seat.id, status="confirmed", created_at=datetime.now(UTC)
        )
        session.add(booking)
        session.commit()
        cache.delete(f"seat_lock:{wanted.seat_id}")
        await viewers.broadcast(event_id, wanted.seat_id, seat_number, "booked")
        return Booked(booking_id=booking.id, seat_id=wanted.seat_id, status="confirmed")

    @app.get("/events/browse")
    async def browse(session: Annotated[Session, Depends(get_db)]) -> list[dict[str, Any]]:
        events = session.scalars(select(Event).order_by(Event.start_time).limit(PAGE_SIZE))
        return [{"id": event.id, "name": event.name, "start_time": event.start_time} for event in events]

    @app.get("/events/{event_id}/seats")
    async def seats(event_id: int, session: Annotated[Session, Depends(get_db)]) -> list[dict[str, Any]]:
        return _seats(session, event_id)

    @app.websocket("/ws/events/{event_id}")
    async def watch(socket: WebSocket, event_id: int) -> None:
        with sessions() as session:
            snapshot = {"type": "snapshot", "seats": _seats(session, event_id)}
        await viewers.stay(event_id, socket, snapshot)

    return app


def _seats(session: Session, event_id: int) -> list[dict[str, Any]]:
    found = session.scalars(select(Seat).where(Seat.event_id == event_id).order_by(Seat.id))
    return [{"id": seat.id, "seat_number": seat.seat_number, "status": seat.status} for seat in found]
