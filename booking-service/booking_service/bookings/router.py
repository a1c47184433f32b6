"""The routes of bookings."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from booking_service.bookings.confirming import confirmation_key
from booking_service.bookings.errors import BookingNotFound, TicketUsed
from booking_service.bookings.schemas import BookingOut, ConfirmBooking, MyBookingsOut, OrderOut
from booking_service.bookings.service import BookingService
from booking_service.holds.errors import HoldEnded, HoldNotFound
from shared.chassis.fields import PathId, Text
from shared.chassis.idempotency import IdempotencyKeyHeader, IdempotencyKeyReused, request_key
from shared.chassis.identity import CurrentUser
from shared.chassis.problems import Unauthorized, Unavailable, Unprocessable, problem_responses

router = APIRouter(tags=["bookings"])

_WRITE_PROBLEMS = (Unauthorized, IdempotencyKeyReused, Unprocessable, Unavailable)


def _booking_service(request: Request) -> BookingService:
    service: BookingService = request.state.bookings
    return service


BookingServiceDep = Annotated[BookingService, Depends(_booking_service)]


@router.post(
    "/confirm-booking",
    status_code=201,
    response_model=OrderOut,
    summary="Book the seats of a hold",
    responses=problem_responses(HoldEnded, HoldNotFound, *_WRITE_PROBLEMS),
)
async def confirm_booking(
    body: ConfirmBooking, user: CurrentUser, bookings: BookingServiceDep, key: IdempotencyKeyHeader, request: Request
) -> Response:
    """All seats of your hold become bookings of one order, durably, before you read the answer. A hold that was
    confirmed before gives the same order again; one that has ended, 410."""
    answer = await bookings.confirm(
        hold_id=body.hold_id,
        seat_id=body.seat_id,
        buyer=user.user_id,
        key=confirmation_key(user.user_id, key, hold_id=body.hold_id, seat_id=body.seat_id),
        instance=request.url.path,
    )
    return answer.response()


@router.get(
    "/my-bookings",
    response_model=MyBookingsOut,
    summary="My bookings, newest first",
    responses=problem_responses(Unauthorized, Unprocessable),
)
async def my_bookings(
    user: CurrentUser,
    bookings: BookingServiceDep,
    limit: Annotated[int, Query(ge=1, le=100, description="Bookings per page.")] = 20,
    cursor: Annotated[Text | None, Query(max_length=100, description="`next_cursor` of the page before.")] = None,
    order_id: Annotated[UUID | None, Query(description="Only the bookings of this order.")] = None,
) -> Response:
    """Confirmed and cancelled ones, each with its event and seat."""
    page = await bookings.mine(buyer=user.user_id, cursor=cursor, limit=limit, order_id=order_id)
    return Response(msgspec.json.encode(page), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.post(
    "/cancel-booking/{booking_id}",
    response_model=BookingOut,
    summary="Cancel a booking",
    responses=problem_responses(BookingNotFound, TicketUsed, *_WRITE_PROBLEMS),
)
async def cancel_booking(
    booking_id: PathId, user: CurrentUser, bookings: BookingServiceDep, key: IdempotencyKeyHeader, request: Request
) -> Response:
    """The seat is free for others at once, on every open map. Cancelling twice gives the same answer. Once
    its ticket has let somebody in, a booking is not cancelled any more: 409."""
    answer = await bookings.cancel(
        booking_id,
        buyer=user.user_id,
        key=request_key(user.user_id, key, "cancel", booking_id),
        instance=request.url.path,
    )
    return answer.response()
