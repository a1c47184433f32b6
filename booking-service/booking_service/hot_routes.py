"""The thin edge of the two hot routes: plain holds and confirmations, without the framework's layers.

A request as every client of ours sends it is read here, by one look at its headers and one regular expression, and goes
straight to the service. Whatever else comes, wrong, odd or only rare, goes on to the route of the same path, untouched.
So there is one validation, one set of errors and one document (ADR-0019).
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from booking_service.answers import Answer, is_plain, refusal
from booking_service.batching import caller_has_left
from booking_service.bookings.confirming import confirmation_key
from booking_service.bookings.service import BookingService
from booking_service.holds.placing import hold_key
from booking_service.holds.service import HoldService
from booking_service.settings import BookingSettings
from shared.chassis.idempotency import is_well_formed
from shared.chassis.identity import Identifier, Identity
from shared.chassis.problems import Problem
from shared.chassis.request_log import logged

State = Mapping[str, Any]
"""What the lifespan made."""

Read = Callable[[bytes, State], Any]
"""What a plain body asks for; `None`: it is not plain."""

Do = Callable[[State, Any, Identity, str | None, str], Awaitable[Answer]]
"""Does what was read, for this caller, under this `Idempotency-Key`, asked for at this path."""

_SPACE = rb"[ \t\r\n]*"
_ID = rb"[1-9][0-9]{0,17}"
_IDS = rb"\[" + _SPACE + rb"((?:" + _ID + _SPACE + rb"," + _SPACE + rb")*" + _ID + rb")" + _SPACE + rb"\]"
_UUID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _object(name: bytes, value: bytes) -> "re.Pattern[bytes]":
    """Matches a JSON object of this one member."""
    return re.compile(_SPACE.join([b"", rb"\{", b'"' + name + b'"', b":", value, rb"\}", b""]))


_ONE_SEAT = _object(b"seat_id", b"(" + _ID + b")")
_SEVERAL_SEATS = _object(b"seat_ids", _IDS)
_HOLD = _object(b"hold_id", b'"(' + _UUID + b')"')


def _read_seats(body: bytes, state: State) -> list[int] | None:
    one = _ONE_SEAT.fullmatch(body)
    if one:
        return [int(one[1])]
    several = _SEVERAL_SEATS.fullmatch(body)
    if not several:
        return None
    settings: BookingSettings = state["settings"]
    seat_ids = sorted(map(int, several[1].split(b",")))
    is_plain = len(set(seat_ids)) == len(seat_ids) <= settings.max_seats_per_hold
    return seat_ids if is_plain else None


async def _hold(state: State, seat_ids: list[int], caller: Identity, key: str | None, path: str) -> Answer:
    holds: HoldService = state["holds"]
    request = hold_key(caller.user_id, key, seat_ids)
    return await holds.place(seat_ids, holder=caller.user_id, key=request, instance=path)


def _read_hold(body: bytes, _state: State) -> UUID | None:
    hold = _HOLD.fullmatch(body)
    return UUID(hold[1].decode()) if hold else None


async def _confirm(state: State, hold_id: UUID, caller: Identity, key: str | None, path: str) -> Answer:
    bookings: BookingService = state["bookings"]
    request = confirmation_key(caller.user_id, key, hold_id=hold_id, seat_id=None)
    return await bookings.confirm(hold_id=hold_id, seat_id=None, buyer=caller.user_id, key=request, instance=path)


_ROUTES: Mapping[str, tuple[Read, Do]] = {
    "/hold-seat": (_read_seats, _hold),
    "/confirm-booking": (_read_hold, _confirm),
}


class HotRoutes:
    """An ASGI layer. What it does not answer itself, the app behind it gets as it came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        route = _ROUTES.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        state: State = scope.get("state", {})
        headers = _plain_headers(scope["headers"], state) if route and not scope["query_string"] else None
        if not route or not headers:
            await self._app(scope, receive, send)
            return
        read, do = route
        message = await receive()
        wanted = read(message["body"], state) if _is_whole_body(message) else None
        caller = await _identified(state, headers.token) if wanted is not None else None
        if caller is None:
            await self._app(scope, _again(message, receive), send)
            return

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope["path"]
            scope["state"]["user_id"] = caller.user_id  # for the request's log line
            context = caller_has_left.set(_has_left(receive))
            try:
                answer = await do(state, wanted, caller, headers.key, path)
            except Problem as problem:
                problem.with_traceback(None)  # see `Problem`
                if not is_plain(problem):
                    await problem.response(path)(scope, receive, send)
                    return
                answer = refusal(problem, path)
            finally:
                caller_has_left.reset(context)
            await answer.send(send)

        await logged(scope, receive, send, answer)


class _Headers(NamedTuple):
    token: str
    key: str | None


def _plain_headers(headers: Iterable[tuple[bytes, bytes]], state: State) -> _Headers | None:
    """The bearer token and the key of a JSON request that says each thing once; `None` for any other.

    Pages of other origins that may call us get further headers (CORS): that is the framework's.
    """
    authorization = content_type = key = None
    for name, value in headers:
        if name == b"authorization":
            if authorization is not None:
                return None
            authorization = value
        elif name == b"content-type":
            if content_type is not None:
                return None
            content_type = value
        elif name == b"idempotency-key":
            if key is not None:
                return None
            key = value.decode("latin-1")
        elif name == b"origin" and value.decode("latin-1") in state["settings"].allowed_origins:
            return None
    if content_type != b"application/json" or authorization is None or not authorization.startswith(b"Bearer "):
        return None
    if key is not None and not is_well_formed(key):
        return None
    return _Headers(authorization[7:].decode("latin-1"), key)


def _is_whole_body(message: Message) -> bool:
    return bool(message["type"] == "http.request" and not message.get("more_body", False) and message.get("body"))


async def _identified(state: State, token: str) -> Identity | None:
    identifier: Identifier = state["identifier"]
    try:
        return await identifier.identify(token)
    except Exception:  # whatever it is, the route meets it too, and says so as to everybody
        return None


def _has_left(receive: Receive) -> Callable[[], bool]:
    """Asks whether the client has hung up, without waiting for it: uvicorn knows, and ASGI has no way to ask."""
    connection = getattr(receive, "__self__", None)
    return lambda: bool(getattr(connection, "disconnected", False))


def _again(message: Message, receive: Receive) -> Receive:
    """`receive`, with `message` once more before what follows."""
    given_back = False

    async def again() -> Message:
        nonlocal given_back
        if given_back:
            return await receive()
        given_back = True
        return message

    return again
