"""The route of tickets."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from booking_service.bookings.errors import BookingNotFound
from booking_service.tickets.errors import BookingCancelled
from booking_service.tickets.schemas import TicketOut
from booking_service.tickets.service import TicketService
from shared.chassis.fields import PathId
from shared.chassis.identity import CurrentUser
from shared.chassis.problems import Unauthorized, Unprocessable, problem_responses

router = APIRouter(tags=["tickets"])


def _ticket_service(request: Request) -> TicketService:
    service: TicketService = request.state.tickets
    return service


@router.get(
    "/tickets/{booking_id}",
    response_model=TicketOut,
    summary="The ticket of a booking",
    responses=problem_responses(BookingNotFound, BookingCancelled, Unauthorized, Unprocessable),
)
async def ticket(
    booking_id: PathId, user: CurrentUser, tickets: Annotated[TicketService, Depends(_ticket_service)]
) -> Response:
    """For its owner: what it says, and a signed `code` to show at the door. A cancelled booking has none: 410."""
    found = await tickets.of(booking_id, holder=user.user_id)
    return Response(msgspec.json.encode(found), media_type="application/json", headers={"Cache-Control": "no-store"})
