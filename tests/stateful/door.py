"""The services as people reach them: asks over HTTP in the model's words, and understands the answers in them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import httpx

from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.stateful.clock import rfc3339, seconds
from tests.stateful.requests import (
    Admission,
    Answer,
    Booking,
    CancelBooking,
    CheckIn,
    ConfirmHold,
    ConfirmSeat,
    ExtendHold,
    Hold,
    HoldBest,
    Order,
    PlaceHold,
    ReleaseHold,
    Request,
)
from tests.stateful.small_numbers import Numbers
from tests.support.apps import SECRET
from tests.support.world import Person, Venue

NO_HOLD = "0199f1f0-3c5e-7cc2-9a57-0d8a6f0c2c11"
NO_BOOKING = 10**12
NO_TICKET = "FR1FKNR4GSSWCN6Q2PD5L7ZJ4M3X2YA"

_PATHS = {
    PlaceHold: "/hold-seat",
    HoldBest: "/hold-seat",
    CheckIn: "/check-in",
    ReleaseHold: "/release-hold",
    ExtendHold: "/extend-hold",
    ConfirmHold: "/confirm-booking",
    ConfirmSeat: "/confirm-booking",
}


@dataclass
class Door:
    """One sale, seen from outside. Every answer is checked for what all answers must be."""

    booking: Sequence[httpx.AsyncClient]
    """Instances of the booking service."""
    events: httpx.AsyncClient
    venues: Sequence[Venue]
    users: Sequence[Person]
    """The last one is an administrator, and perhaps some before."""
    _holds: Numbers = field(default_factory=Numbers)
    _orders: Numbers = field(default_factory=Numbers)
    _bookings: Numbers = field(default_factory=Numbers)
    _event_of_booking: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number the events and seats."""
        self._events = Numbers([venue.event_id for venue in self.venues])
        self.seat_ids = [seat_id for venue in self.venues for seat_id in venue.seat_ids]
        self._seats = Numbers(self.seat_ids)
        self._codes = TicketCodes(SECRET)

    async def ask(self, request: Request, *, instances: Sequence[int]) -> Sequence[Answer]:
        """What the request is answered: asked once at each of `instances`, at the same time."""
        path, body = self._path_and_body(request)
        headers = dict(self.users[request.user].headers)
        if request.key is not None:
            headers["Idempotency-Key"] = request.key
        answers = await asyncio.gather(
            *(self.booking[instance].post(path, json=body, headers=headers) for instance in instances)
        )
        return [self._understood(answer, type(request)) for answer in answers]

    async def delete_event(self, event: int, *, is_admin: bool, force: bool) -> Answer:
        """DELETE /events/{id}, as an administrator or as a customer."""
        path = f"/events/{self.venues[event].event_id}" + ("?force=true" if force else "")
        who = self.users[-1 if is_admin else 0]
        return self._understood(await self.events.delete(path, headers=who.headers))

    async def seats_of(self, event: int) -> Answer:
        """GET /events/{id}/seats."""
        answer = await self.events.get(f"/events/{self.venues[event].event_id}/seats")
        if answer.status_code != 200:
            return self._understood(answer)
        seats = answer.json()["seats"]
        return Answer(200, content=tuple((self._seat(seat["id"]), seat["status"], seat["version"]) for seat in seats))

    async def my_holds(self, user: int, *, instance: int) -> Answer:
        """GET /my-holds."""
        answer = await self.booking[instance].get("/my-holds", headers=self.users[user].headers)
        return Answer(answer.status_code, content=tuple(map(self._hold, answer.json()["items"])))

    async def my_bookings(self, user: int, *, instance: int, page: int) -> Answer:
        """GET /my-bookings, page by page; grouped by the instants that they were made at."""
        items: list[dict[str, Any]] = []
        params: dict[str, Any] = {"limit": page}
        while True:
            answer = await self.booking[instance].get("/my-bookings", params=params, headers=self.users[user].headers)
            items += answer.json()["items"]
            if answer.json()["next_cursor"] is None:
                break
            params["cursor"] = answer.json()["next_cursor"]
        told = [self._booking(item) for item in items]
        assert len(set(told)) == len(told), f"a booking is on two pages: {told}"
        return Answer(200, content=tuple(frozenset(same) for _, same in groupby(told, key=lambda b: b.created_at)))

    async def people_at_the_door(self, event: int, *, instance: int) -> Answer:
        """GET /check-in/{event_id}."""
        answer = await self._look_at_the_door(event, "", instance)
        if answer.status_code != 200:
            return self._understood(answer)
        body = answer.json()
        double = [
            (
                self._seat(each["seat"]["id"]),
                each["first"] and (each["first"]["gate"], seconds(each["first"]["admitted_at"])),
                (each["second"]["gate"], seconds(each["second"]["scanned_at"])),
            )
            for each in body["double_entries"]
        ]
        return Answer(200, content=(body["sold"], body["admitted"], tuple(double)))

    async def known_tickets(self, event: int, *, instance: int) -> Answer:
        """GET /check-in/{event_id}/tickets."""
        answer = await self._look_at_the_door(event, "/tickets", instance)
        if answer.status_code != 200:
            return self._understood(answer)
        event_id = self.venues[event].event_id
        known = {}
        for number, booking_id in enumerate(self._bookings):
            [fingerprint] = self._codes.fingerprints(Ticket(event_id, booking_id))
            known[fingerprint] = number
        tickets = [
            (known[each["id"]], each["state"], each["admitted_at"] and (each["gate"], seconds(each["admitted_at"])))
            for each in answer.json()["tickets"]
        ]
        assert len(set(tickets)) == len(tickets), f"a ticket is in the list twice: {tickets}"
        return Answer(200, content=frozenset(tickets))

    async def _look_at_the_door(self, event: int, what: str, instance: int) -> httpx.Response:
        path = f"/check-in/{self.venues[event].event_id}{what}"
        return await self.booking[instance].get(path, headers=self.users[-1].headers)

    def _path_and_body(self, request: Request) -> tuple[str, Mapping[str, Any] | None]:
        match request:
            case PlaceHold(seats=(seat,)):
                body: dict[str, Any] = {"seat_id": self._seat_id(seat)}
            case PlaceHold(seats=seats):
                body = {"seat_ids": [self._seat_id(seat) for seat in seats]}
            case HoldBest(event=event, quantity=quantity):
                body = {"event_id": self.venues[event].event_id, "quantity": quantity}
            case CheckIn(booking=booking, event=event, gate=gate, told_at=told_at):
                told = {"scanned_at": rfc3339(told_at)} if told_at is not None else {}
                body = {"code": self._code(booking), "event_id": self.venues[event].event_id, "gate": gate, **told}
            case ConfirmSeat(seat=seat):
                body = {"seat_id": self._seat_id(seat)}
            case ReleaseHold(hold=hold) | ExtendHold(hold=hold) | ConfirmHold(hold=hold):
                body = {"hold_id": self._holds.id_of(hold, otherwise=NO_HOLD)}
            case CancelBooking(booking=booking):
                return f"/cancel-booking/{self._bookings.id_of(booking, otherwise=NO_BOOKING)}", None
            case _:
                raise TypeError(request)
        return _PATHS[type(request)], body

    def _understood(self, answer: httpx.Response, request: type[Request] | None = None) -> Answer:
        if answer.status_code == 204:
            assert not answer.content
            return Answer(204)
        body = answer.json()
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", answer.text
            assert body["status"] == answer.status_code
            slug = body["type"].removeprefix("/problems/")
            return Answer(answer.status_code, slug, self._problem(slug, body))
        understand: Callable[[Mapping[str, Any]], object] = {
            ConfirmHold: self._order,
            ConfirmSeat: self._order,
            CancelBooking: self._booking,
            CheckIn: self._admission,
        }.get(request or Request, self._hold)
        return Answer(answer.status_code, content=understand(body))

    def _problem(self, slug: str, body: Mapping[str, Any]) -> object:
        match slug:
            case "seat-unavailable":
                assert not {"held_by", "user_id", "hold_id"} & {name for seat in body["seats"] for name in seat}
                self._check_alternative(body)
                return frozenset((self._seat(seat["seat_id"]), seat["status"]) for seat in body["seats"])
            case "hold-limit-reached":
                return (body["limit"], body["held"])
            case "event-has-bookings":
                return body["confirmed_bookings"]
            case "ticket-used":
                return body["gate"], seconds(body["admitted_at"])
            case "ticket-for-another-event":
                return self._events.number_of(body["event"]["id"])
            case _:
                return None

    def _check_alternative(self, body: Mapping[str, Any]) -> None:
        """Which one it is, is up to the service; it may be late, and is never nonsense."""
        alternative = body["alternative"]
        if alternative is None:
            return
        seat_ids = alternative["seat_ids"]
        [venue] = [venue for venue in self.venues if seat_ids[0] in venue.seat_ids]
        assert len(set(seat_ids)) == len(seat_ids)
        assert set(seat_ids) <= set(venue.seat_ids) - {seat["seat_id"] for seat in body["seats"]}
        assert [seat["seat_id"] for seat in alternative["seats"]] == seat_ids
        assert alternative["total"] == sum(seat["price"] for seat in alternative["seats"])

    def _hold(self, body: Mapping[str, Any]) -> Hold:
        assert all(seat["status"] == "held" for seat in body["seats"])
        return Hold(
            hold=self._holds.number_of(body["hold_id"]),
            event=self._events.number_of(body["event_id"]),
            seats=tuple((self._seat(seat["seat_id"]), seat["version"]) for seat in body["seats"]),
            total=body["total"],
            expires_at=seconds(body["expires_at"]),
            expires_in=body["expires_in"],
            extendable_until=seconds(body["extendable_until"]),
        )

    def _order(self, body: Mapping[str, Any]) -> Order:
        self._event_of_booking.update((booking["id"], body["event_id"]) for booking in body["bookings"])
        return Order(
            order=self._orders.number_of(body["order_id"]),
            event=self._events.number_of(body["event_id"]),
            bookings=tuple(
                (self._bookings.number_of(booking["id"]), self._seat(booking["seat_id"]), booking["status"])
                for booking in body["bookings"]
            ),
            total=body["total"],
        )

    def _booking(self, body: Mapping[str, Any]) -> Booking:
        return Booking(
            booking=self._bookings.number_of(body["id"]),
            order=self._orders.number_of(body["order_id"]),
            event=self._events.number_of(body["event"]["id"]),
            seat=self._seat(body["seat"]["id"]),
            status=body["status"],
            created_at=seconds(body["created_at"]),
            cancelled_at=seconds(body["cancelled_at"]) if body["cancelled_at"] else None,
        )

    def _admission(self, body: Mapping[str, Any]) -> Admission:
        return Admission(
            booking=self._bookings.number_of(body["booking_id"]),
            event=self._events.number_of(body["event_id"]),
            seat=self._seat(body["seat"]["id"]),
            gate=body["gate"],
            admitted_at=seconds(body["admitted_at"]),
        )

    def _code(self, booking: int) -> str:
        """The ticket's. The code itself says of which event it is, and not who asks."""
        booking_id = self._bookings.id_of(booking, otherwise=None)
        if booking_id is None:
            return NO_TICKET
        return self._codes.sign(Ticket(self._event_of_booking[booking_id], booking_id))

    def _seat(self, seat_id: int) -> int:
        return self._seats.number_of(seat_id)

    def _seat_id(self, seat: int) -> int:
        seat_id: int = self._seats.id_of(seat, otherwise=self.seat_ids[-1] + 1)
        return seat_id
