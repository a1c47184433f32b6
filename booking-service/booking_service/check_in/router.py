"""The routes of the door, for administrators."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from booking_service.bookings.errors import TicketUsed
from booking_service.check_in.errors import TicketForAnotherEvent, TicketUnknown
from booking_service.check_in.schemas import AdmissionOut, DoorOut, KnownTicketsOut, Scan
from booking_service.check_in.service import CheckInService, scan_key
from booking_service.tickets.errors import BookingCancelled
from shared.chassis.fields import PathId
from shared.chassis.idempotency import IdempotencyKeyHeader, IdempotencyKeyReused
from shared.chassis.identity import AdminUser
from shared.chassis.problems import Forbidden, NotFound, Unauthorized, Unavailable, Unprocessable, problem_responses

router = APIRouter(tags=["check-in"])

_READ_PROBLEMS = (Unauthorized, Forbidden, NotFound, Unprocessable, Unavailable)


def _check_in_service(request: Request) -> CheckInService:
    service: CheckInService = request.state.check_in
    return service


CheckInServiceDep = Annotated[CheckInService, Depends(_check_in_service)]


@router.post(
    "/check-in",
    response_model=AdmissionOut,
    summary="Let somebody in",
    responses=problem_responses(
        *(TicketUnknown, TicketForAnotherEvent, TicketUsed, BookingCancelled),
        *(Unauthorized, Forbidden, IdempotencyKeyReused, Unprocessable, Unavailable),
    ),
)
async def check_in(
    scan: Scan, admin: AdminUser, door: CheckInServiceDep, key: IdempotencyKeyHeader, request: Request
) -> Response:
    """Whoever shows this code is let in, once: of many who show the same one, wherever and however at once, one is.

    Everybody else is told what is wrong: `ticket-used` (when, and where), `ticket-for-another-event` (which),
    `booking-cancelled`, or `ticket-unknown`. Send an `Idempotency-Key`: a retry after a lost answer then says
    "admitted" again, and not "used".

    With `scanned_at`, a scanner without network tells whom it has let in. If somebody came with that ticket before, or
    it was cancelled, the answer is the same refusal, and a double entry is on record. Told again, it stays one.
    """
    answer = await door.admit(
        scan, admin=admin.user_id, key=scan_key(admin.user_id, key, scan), instance=request.url.path
    )
    return answer.response()


@router.get(
    "/check-in/{event_id}",
    response_model=DoorOut,
    summary="How many have come",
    responses=problem_responses(*_READ_PROBLEMS),
)
async def door(_admin: AdminUser, event_id: PathId, door: CheckInServiceDep) -> Response:
    """Sold and admitted at this moment, and whom two doors let in with one ticket."""
    found = await door.door(event_id)
    return Response(msgspec.json.encode(found), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/check-in/{event_id}/tickets",
    response_model=KnownTicketsOut,
    summary="What a scanner needs without network",
    responses=problem_responses(*_READ_PROBLEMS),
)
async def tickets(_admin: AdminUser, event_id: PathId, door: CheckInServiceDep) -> Response:
    """Every ticket that was sold for the event and what became of it, each by a fingerprint of its code.

    No names, and no codes: a lost scanner tells nobody who comes, and no ticket can be made from it. Whatever is not in
    the list is not genuine, or was sold after `as_of`. After a change of the secret that signs, a ticket stands in it
    once for each secret that its code may have been printed under.
    """
    found = await door.tickets(event_id)
    return Response(msgspec.json.encode(found), media_type="application/json", headers={"Cache-Control": "no-store"})
