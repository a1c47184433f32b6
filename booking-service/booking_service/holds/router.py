"""The routes of holds."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from booking_service.choosing.errors import NotEnoughSeats, UnknownCategory, UnknownSection
from booking_service.choosing.service import ChoosingDep
from booking_service.holds.errors import (
    EventNotOnSale,
    HoldConfirmed,
    HoldEnded,
    HoldLimitReached,
    HoldNotFound,
    SeatUnavailable,
)
from booking_service.holds.placing import hold_key
from booking_service.holds.schemas import HoldOut, HoldReference, MyHoldsOut, PlaceHold
from booking_service.holds.service import HoldService
from booking_service.seat_directory import SeatNotFound, SeatsOfTwoEvents
from booking_service.settings import SettingsDep
from shared.chassis.idempotency import IdempotencyKeyHeader, IdempotencyKeyReused, request_key
from shared.chassis.identity import CurrentUser
from shared.chassis.problems import NotFound, Unauthorized, Unavailable, Unprocessable, problem_responses

router = APIRouter(tags=["holds"])

_WRITE_PROBLEMS = (Unauthorized, IdempotencyKeyReused, Unprocessable, Unavailable)


def _hold_service(request: Request) -> HoldService:
    service: HoldService = request.state.holds
    return service


HoldServiceDep = Annotated[HoldService, Depends(_hold_service)]


@router.post(
    "/hold-seat",
    status_code=201,
    response_model=HoldOut,
    summary="Hold one seat, or several, or the best ones",
    responses=problem_responses(
        *(SeatUnavailable, NotEnoughSeats, HoldLimitReached, EventNotOnSale),
        *(SeatNotFound, NotFound, SeatsOfTwoEvents, UnknownCategory, UnknownSection),
        *_WRITE_PROBLEMS,
    ),
)
async def hold_seat(
    body: PlaceHold,
    user: CurrentUser,
    holds: HoldServiceDep,
    choosing: ChoosingDep,
    settings: SettingsDep,
    key: IdempotencyKeyHeader,
    request: Request,
) -> Response:
    """All of the seats are yours until `expires_at`, or none is: then a 409 lists every seat that was refused, and
    names an `alternative`. With `event_id` and `quantity`, the best places that are free are chosen for you."""
    asked = body.asked()
    seat_ids = body.sorted_seat_ids()
    if (asked.quantity if asked else len(seat_ids)) > settings.max_seats_per_hold:
        raise Unprocessable(f"At most {settings.max_seats_per_hold} seats in one hold.")
    if asked:
        best = await choosing.hold(
            asked, holder=user.user_id, key=asked.key(user.user_id, key), instance=request.url.path
        )
        return best.response()
    answer = await holds.place(
        seat_ids,
        holder=user.user_id,
        key=hold_key(user.user_id, key, seat_ids),
        instance=request.url.path,
    )
    return answer.response()


@router.get("/my-holds", response_model=MyHoldsOut, summary="My live holds", responses=problem_responses(Unauthorized))
async def my_holds(user: CurrentUser, holds: HoldServiceDep) -> Response:
    """Everything you hold at this moment: a page that is loaded again loses nothing."""
    return Response(
        msgspec.json.encode(await holds.mine(holder=user.user_id)),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


@router.post(
    "/release-hold",
    status_code=204,
    summary="Give a hold back",
    responses=problem_responses(HoldNotFound, HoldConfirmed, *_WRITE_PROBLEMS),
)
async def release_hold(
    body: HoldReference, user: CurrentUser, holds: HoldServiceDep, key: IdempotencyKeyHeader, request: Request
) -> Response:
    """Its seats are free for others at once. Releasing a hold that has ended already is fine."""
    request_id = request_key(user.user_id, key, "release", str(body.hold_id))
    answer = await holds.release(body.hold_id, holder=user.user_id, key=request_id, instance=request.url.path)
    return answer.response()


@router.post(
    "/extend-hold",
    response_model=HoldOut,
    summary="More time for a hold",
    responses=problem_responses(HoldEnded, HoldNotFound, *_WRITE_PROBLEMS),
)
async def extend_hold(
    body: HoldReference, user: CurrentUser, holds: HoldServiceDep, key: IdempotencyKeyHeader, request: Request
) -> Response:
    """The hold lasts a full period again, but never beyond `extendable_until` (WCAG 2.2.1, timing adjustable)."""
    request_id = request_key(user.user_id, key, "extend", str(body.hold_id))
    answer = await holds.extend(body.hold_id, holder=user.user_id, key=request_id, instance=request.url.path)
    return answer.response()
