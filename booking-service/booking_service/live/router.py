"""`ws://…/ws/events/{event_id}`: the live map of one event (docs/live-protocol.md)."""

from contextlib import AsyncExitStack

from fastapi import APIRouter, WebSocket
from pydantic import TypeAdapter, ValidationError

from booking_service.live.compact import SUBPROTOCOL
from booking_service.live.hub import Hub
from booking_service.live.origins import may_watch
from booking_service.live.sockets import serve
from shared.chassis.fields import PathId
from shared.chassis.problems import Problem, Unprocessable

router = APIRouter(tags=["live"])

_event_id: TypeAdapter[int] = TypeAdapter(PathId)


class ForeignOrigin(Problem):
    """A page of another site wants to watch."""

    status, slug, title = 403, "foreign-origin", "Pages of this origin may not watch"


@router.websocket("/ws/events/{event_id}")
async def watch_event(websocket: WebSocket, event_id: str) -> None:
    """Send the snapshot of the event's seats, then every change; in the compact mode to whoever offers `frontrow.v1`.

    Needs `hub` in the lifespan state.

    Refuses before the upgrade, with a problem document: 403 foreign origin, 404 no such event, 422 no id, 503 full, or
    the database cannot be asked.
    """
    hub: Hub = websocket.state.hub
    async with AsyncExitStack() as stack:
        try:
            feed = await stack.enter_async_context(hub.watch(_checked(websocket, event_id, hub)))
        except Problem as problem:
            await websocket.send_denial_response(problem.response(websocket.url.path))
            return
        if SUBPROTOCOL in websocket.scope["subprotocols"]:
            await websocket.accept(SUBPROTOCOL)
            await serve(websocket, feed, "compact", hub.limits)
        else:
            await websocket.accept()
            await serve(websocket, feed, "plain", hub.limits)


def _checked(websocket: WebSocket, event_id: str, hub: Hub) -> int:
    """The event's id, if it is one and the caller may watch at all. Costs nothing but this look."""
    headers = websocket.headers
    if not may_watch(
        origins=headers.getlist("origin"),
        hosts=headers.getlist("host"),
        is_secure=websocket.scope["scheme"] == "wss",
        allowed=hub.limits.allowed_origins,
    ):
        raise ForeignOrigin
    try:
        return _event_id.validate_python(event_id)
    except ValidationError:
        raise Unprocessable("The event id must be a positive whole number.") from None
