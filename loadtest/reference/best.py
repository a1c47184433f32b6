"""The described design in its best form: the same stack without its mistakes.

Endpoints are plain functions, so they run in the thread pool and never block the loop; a session is opened and closed
inside, so no thread waits for a connection whose release needs a thread; forty connections for forty threads; one
conditional UPDATE decides, so no seat is sold twice; nobody waits for the broadcast.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import redis
from fastapi import Depends, FastAPI, HTTPException, Response, WebSocket
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session

from loadtest.reference.common import (
    BROWSE_CACHED_S,
    BROWSE_KEY,
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
    engine = create_engine(settings.database_url, pool_size=40, max_overflow=0)
    cache = redis.Redis.from_url(settings.redis_url)
    viewers = ConnectionManager()
    loops: list[asyncio.AbstractEventLoop] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        loops.append(asyncio.get_running_loop())
        yield
        engine.dispose()

    app = FastAPI(lifespan=lifespan)

    def tell(news: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(news, loops[0])

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/hold-seat", status_code=201)
    def hold_seat(wanted: SeatWanted, user_id: User) -> Held:
        gate = f"seat_lock:{wanted.seat_id}"
        if not cache.set(gate, user_id, nx=True, ex=int(HOLD_DURATION.total_seconds())):
            raise HTTPException(409, "Seat is not available")
        with Session(engine) as session:
            held = session.execute(
                update(Seat)
                .where(Seat.id == wanted.seat_id, Seat.status == "available")
                .values(
                    status="held",
                    held_by=user_id,
                    held_at=func.clock_timestamp(),
                    hold_expiry=func.clock_timestamp() + HOLD_DURATION,
                )
                .returning(Seat.event_id, Seat.seat_number)
            ).one_or_none()
            session.commit()
        if held is None:
            cache.delete(gate)
            raise HTTPException(409, "Seat is not available")
        tell(viewers.broadcast(held.event_id, wanted.seat_id, held.seat_number, "held"))
        return Held(seat_id=wanted.seat_id, status="held", expires_in=int(HOLD_DURATION.total_seconds()))

    @app.post("/confirm-booking", status_code=201)
    def confirm_booking(wanted: SeatWanted, user_id: User) -> Booked:
        with Session(engine) as session:
            sold = session.execute(
                update(Seat)
                .where(
                    Seat.id == wanted.seat_id,
                    Seat.status == "held",
                    Seat.held_by == user_id,
                    Seat.hold_expiry > func.clock_timestamp(),
                )
                .values(status="booked", held_by=None, hold_expiry=None)
                .returning(Seat.event_id, Seat.seat_number)
            ).one_or_none()
            if sold is None:
                raise HTTPException(410, "The hold has ended")
            booking = Booking(
                user_id=user_id,
                event_id=sold.event_id,
                seat_id=wanted.seat_id,
                status="confirmed",
                created_at=datetime.now(UTC),
            )
            session.add(booking)
            session.commit()
            booking_id = booking.id
        cache.delete(f"seat_lock:{wanted.seat_id}")
        tell(viewers.broadcast(sold.event_id, wanted.seat_id, sold.seat_number, "booked"))
        return Booked(booking_id=booking_id, seat_id=wanted.seat_id, status="confirmed")

    @app.get("/events/browse")
    def browse() -> Response:
        page = cache.get(BROWSE_KEY)
        if page is None:
            with Session(engine) as session:
                events = session.scalars(select(Event).order_by(Event.start_time).limit(PAGE_SIZE)).all()
                page = json.dumps(
                    [
                        {
                            "id": event.id,
                            "name": event.name,
                            "event_type": event.event_type,
                            "venue": event.venue,
                            "start_time": event.start_time.isoformat(),
                            "image_url": event.image_url,
                        }
                        for event in events
                    ]
                ).encode()
            cache.set(BROWSE_KEY, page, ex=BROWSE_CACHED_S)
        return Response(page, media_type="application/json")

    @app.get("/events/{event_id}/seats")
    def seats(event_id: int) -> list[dict[str, Any]]:
        with Session(engine) as session:
            return _seats(session, event_id)

    @app.websocket("/ws/events/{event_id}")
    async def watch(socket: WebSocket, event_id: int) -> None:
        def look() -> list[dict[str, Any]]:
            with Session(engine) as session:
                return _seats(session, event_id)

        await viewers.stay(event_id, socket, {"type": "snapshot", "seats": await asyncio.to_thread(look)})

    return app


def _seats(session: Session, event_id: int) -> list[dict[str, Any]]:
    found = session.scalars(select(Seat).where(Seat.event_id == event_id).order_by(Seat.id))
    return [{"id": seat.id, "seat_number": seat.seat_number, "status": seat.status} for seat in found]
