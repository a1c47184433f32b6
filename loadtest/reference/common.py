"""What both forms of the described design share: settings, bodies, who is calling, and the open sockets."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import jwt
from fastapi import Header, HTTPException, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

HOLD_DURATION = timedelta(minutes=5)
BROWSE_KEY = "reference:browse"
BROWSE_CACHED_S = 60
PAGE_SIZE = 20


@dataclass(frozen=True)
class Settings:
    """From the environment."""

    database_url: str
    redis_url: str
    jwt_secret: str

    @classmethod
    def from_environment(cls) -> "Settings":
        """Raises KeyError when one is missing."""
        return cls(os.environ["REFERENCE_DATABASE_URL"], os.environ["REDIS_URL"], os.environ["JWT_SECRET"])


class SeatWanted(BaseModel):
    """The body of hold and confirm."""

    seat_id: int


class Held(BaseModel):
    """The answer to a hold."""

    seat_id: int
    status: str
    expires_in: int


class Booked(BaseModel):
    """The answer to a confirmation."""

    booking_id: int
    seat_id: int
    status: str


async def current_user(authorization: Annotated[str, Header()] = "") -> int:
    """The user of the token, decoded for each request. Async, so that it costs no turn of the thread pool."""
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "), os.environ["JWT_SECRET"], ["HS256"], audience="frontrow"
        )
        return int(claims["sub"])
    except (jwt.PyJWTError, KeyError, ValueError):
        raise HTTPException(401, "Not authenticated") from None


class ConnectionManager:
    """The described one: a list of sockets for each event; every message is encoded and awaited for each of them."""

    def __init__(self) -> None:
        self._sockets: dict[int, list[WebSocket]] = {}

    async def stay(self, event_id: int, socket: WebSocket, snapshot: Mapping[str, Any]) -> None:
        """Until the viewer leaves."""
        await socket.accept()
        await socket.send_json(snapshot)
        self._sockets.setdefault(event_id, []).append(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            self._sockets[event_id].remove(socket)

    async def broadcast(self, event_id: int, seat_id: int, seat_number: str, status: str) -> None:
        """Tell everybody who watches."""
        message = {"type": "seat_update", "seat_id": seat_id, "seat_number": seat_number, "status": status}
        for socket in list(self._sockets.get(event_id, ())):
            await socket.send_json(message)
