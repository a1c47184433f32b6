"""An in-process stand-in for the three services: as much of the contract as a race uses.

`DoubleBooking` is the control: it looks, waits and writes, as a service without a guard would.
"""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import web

FIRST_PORT, LAST_PORT = 21000, 29000

EVENT_ID = 7


@dataclass
class Seat:
    id: int
    status: str = "available"
    version: int = 0
    hold_id: str | None = None

    @property
    def seat_number(self) -> str:
        return f"A{self.id}"


@dataclass
class FakeServices:
    """Seats 1..3 of one event, seat 1 booked. All state is in memory; `calls` counts requests by route."""

    seats: dict[int, Seat] = field(default_factory=lambda: {n: Seat(n) for n in (1, 2, 3)})
    users: dict[str, int] = field(default_factory=dict)
    holds: dict[str, tuple[str, int]] = field(default_factory=dict)
    held_through: list[int] = field(default_factory=list)
    throttled_logins: int = 0

    def __post_init__(self) -> None:
        self.seats[1].status = "booked"

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.post("/register", self.register),
                web.post("/login", self.login),
                web.get("/events/browse", self.browse),
                web.get("/events/{id}", self.event),
                web.get("/events/{id}/seats", self.event_seats),
                web.post("/hold-seat", self.hold_seat),
                web.get("/my-holds", self.my_holds),
                web.post("/release-hold", self.release_hold),
            ]
        )
        return application

    async def register(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.users[body["email"]] = len(self.users) + 1
        return web.json_response({"id": self.users[body["email"]], "email": body["email"]}, status=201)

    async def login(self, request: web.Request) -> web.Response:
        if self.throttled_logins > 0:
            self.throttled_logins -= 1
            return problem(429, headers={"Retry-After": "0"})
        return web.json_response({"access_token": (await request.json())["email"], "token_type": "bearer"})

    async def browse(self, request: web.Request) -> web.Response:
        # The first page has a sold-out event only.
        if "cursor" not in request.query:
            return web.json_response({"items": [{"id": 1, "name": "Sold out"}], "next_cursor": "more"})
        return web.json_response({"items": [{"id": EVENT_ID, "name": "Žižek: Live"}], "next_cursor": None})

    async def event(self, request: web.Request) -> web.Response:
        if request.match_info["id"] != str(EVENT_ID):
            return problem(404)
        return web.json_response({"id": EVENT_ID, "name": "Žižek: Live"})

    async def event_seats(self, request: web.Request) -> web.Response:
        seats = self.seats.values() if request.match_info["id"] == str(EVENT_ID) else []
        listed = [
            {"id": seat.id, "seat_number": seat.seat_number, "status": seat.status, "version": seat.version}
            for seat in seats
        ]
        return web.json_response({"seats": listed})

    async def hold_seat(self, request: web.Request) -> web.Response:
        seat = self.seats[(await request.json())["seat_id"]]
        sockname = request.get_extra_info("sockname")
        self.held_through.append(sockname[1])
        if seat.status != "available":
            return problem(409, seats=[{"seat_id": seat.id, "seat_number": seat.seat_number}])
        await self.between_look_and_write()
        seat.status, seat.version, seat.hold_id = "held", seat.version + 1, str(uuid4())
        self.holds[seat.hold_id] = (email_of(request), seat.id)
        return web.json_response({"hold_id": seat.hold_id, "seats": [{"seat_id": seat.id}]}, status=201)

    async def between_look_and_write(self) -> None:
        """Nothing may happen here: then only one request at a time looks and writes."""

    async def my_holds(self, request: web.Request) -> web.Response:
        if "Authorization" not in request.headers:
            return problem(401)
        mine = [
            {"hold_id": hold_id, "seats": [{"seat_id": seat_id}]}
            for hold_id, (email, seat_id) in self.holds.items()
            if email == email_of(request)
        ]
        return web.json_response({"items": mine})

    async def release_hold(self, request: web.Request) -> web.Response:
        email, seat_id = self.holds.pop((await request.json())["hold_id"])
        assert email == email_of(request)
        seat = self.seats[seat_id]
        seat.status, seat.version, seat.hold_id = "available", seat.version + 1, None
        return web.Response(status=204)


class DoubleBooking(FakeServices):
    async def between_look_and_write(self) -> None:
        await asyncio.sleep(0.05)


class FailingUnderAttack(FakeServices):
    """Holds the seat, then says that it failed."""

    async def hold_seat(self, request: web.Request) -> web.Response:
        await super().hold_seat(request)
        return problem(500)


def problem(status: int, headers: dict[str, str] | None = None, **members: Any) -> web.Response:
    return web.json_response(
        {"type": "about:blank", "title": "No", "detail": "not today", "status": status, **members},
        status=status,
        headers=headers,
        content_type="application/problem+json",
    )


def email_of(request: web.Request) -> str:
    return request.headers["Authorization"].removeprefix("Bearer ")


def reserve_port() -> socket.socket:
    """A bound socket on a port below the range that outgoing connections use."""
    for port in itertools.islice(_ports, LAST_PORT - FIRST_PORT):
        reserved = socket.socket()
        try:
            reserved.bind(("127.0.0.1", port))
        except OSError:
            reserved.close()
        else:
            return reserved
    raise AssertionError("no free port")


_ports = itertools.cycle(range(FIRST_PORT, LAST_PORT))


@asynccontextmanager
async def serving(applications: Sequence[web.Application]) -> AsyncIterator[list[str]]:
    """Serves each application on a port of its own; yields their base URLs."""
    runners, urls = [], []
    try:
        for application in applications:
            runner = web.AppRunner(application)
            await runner.setup()
            runners.append(runner)
            listener = reserve_port()
            await web.SockSite(runner, listener, backlog=1024).start()
            urls.append(f"http://127.0.0.1:{listener.getsockname()[1]}")
        yield urls
    finally:
        for runner in runners:
            await runner.cleanup()


def behind_one_origin(services: FakeServices) -> web.Application:
    origin = web.Application()
    origin.add_subapp("/api", services.application())
    return origin
