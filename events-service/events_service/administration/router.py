"""Routes for administrators: first who calls, then whether the event exists, then what is asked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BeforeValidator

from events_service.administration.errors import EventHasBookings
from events_service.administration.repository import EventRepository
from events_service.administration.schemas import EventChange, EventCreate
from events_service.administration.service import Actor, Administration
from events_service.catalog.schemas import EventDetails
from events_service.unit_of_work import SessionDep
from shared.chassis.fields import PathId
from shared.chassis.idempotency import IdempotencyKeyHeader, IdempotencyKeyReused, request_key
from shared.chassis.identity import AdminUser
from shared.chassis.problems import (
    Forbidden,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
    problem_responses,
)

router = APIRouter(prefix="/events", tags=["administration"])

_WITH_BODY = (Unauthorized, Forbidden, PayloadTooLarge, UnsupportedMediaType, Unprocessable, Unavailable)


def _actor(request: Request, admin: AdminUser) -> Actor:
    return Actor(user_id=admin.user_id, request_id=request.state.request_id)


ActorDep = Annotated[Actor, Depends(_actor)]


def _administration(request: Request, session: SessionDep) -> Administration:
    state = request.state
    return Administration(
        session,
        cache=state.cache,
        redis=state.quick_redis,
        artwork=state.artwork,
        pictures=state.pictures,
        stored_plan=state.catalog.plan,
    )


AdministrationDep = Annotated[Administration, Depends(_administration)]


async def _existing_event(event_id: PathId, session: SessionDep) -> int:
    """A dependency, since those are solved before the body is: 404 comes before 422."""
    if not await EventRepository(session).exists(event_id):
        raise NotFound
    return event_id


ExistingEvent = Annotated[int, Depends(_existing_event)]


def _plain_boolean(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError("must be true or false")
        return value == "true"
    return value


@router.post(
    "",
    status_code=201,
    summary="Create an event and its seats",
    responses={
        201: {"headers": {"Location": {"description": "Where the event is.", "schema": {"type": "string"}}}},
        **problem_responses(*_WITH_BODY, IdempotencyKeyReused),
    },
)
async def create_event(
    actor: ActorDep,
    new: EventCreate,
    administration: AdministrationDep,
    idempotency_key: IdempotencyKeyHeader,
    response: Response,
) -> EventDetails:
    """Put an event on sale. The seats come from a seat plan: the usual room of the event type, or `template`, or a
    plan that is stored (`seat_plan`). `paint` puts sections or rows into other categories, `categories` brings others
    than those of the room; the event then has a plan of its own.

    Prices are `base_price` for the cheapest seats (better ones cost more), or `prices` for every category.

    With an `Idempotency-Key`, asking again after a lost answer tells of the event that there is and makes no second
    one.
    """
    key = request_key(actor.user_id, idempotency_key, "create-event", new.model_dump(mode="json"))
    details = await administration.create(new, actor=actor, key=key)
    # Relative to the address that was asked (RFC 9110 §10.2.2), so that it is right behind a prefix as well.
    response.headers["Location"] = f"events/{details.id}"
    return details


@router.patch(
    "/{event_id}",
    summary="Change what is said about an event",
    responses=problem_responses(*_WITH_BODY, NotFound),
)
async def change_event(
    actor: ActorDep, event_id: ExistingEvent, change: EventChange, administration: AdministrationDep
) -> EventDetails:
    """Change name, venue, city, description, start time or picture. Seats and prices stay as they are."""
    return await administration.change(event_id, change, actor=actor)


@router.delete(
    "/{event_id}",
    status_code=204,
    summary="Delete an event with everything that belongs to it",
    responses=problem_responses(Unauthorized, Forbidden, NotFound, EventHasBookings, Unprocessable, Unavailable),
)
async def delete_event(
    actor: ActorDep,
    event_id: ExistingEvent,
    administration: AdministrationDep,
    force: Annotated[
        bool, BeforeValidator(_plain_boolean), Query(description="Also when seats are sold: their bookings go too.")
    ] = False,
) -> None:
    """Remove the event, its seats and holds. With confirmed bookings it is refused (409) unless `force` is true; the
    audit log then keeps every removed booking. People who watch its seats are told.
    """
    await administration.delete(event_id, force=force, actor=actor)
