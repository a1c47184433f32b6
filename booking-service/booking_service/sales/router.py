"""The route of a sale, for administrators."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from booking_service.sales.schemas import SalesOut
from booking_service.sales.service import SalesService
from shared.chassis.fields import PathId
from shared.chassis.identity import AdminUser
from shared.chassis.problems import Forbidden, NotFound, Unauthorized, Unavailable, Unprocessable, problem_responses

router = APIRouter(tags=["sales"])


def _sales_service(request: Request) -> SalesService:
    service: SalesService = request.state.sales
    return service


@router.get(
    "/sales/{event_id}",
    response_model=SalesOut,
    summary="How an event sells",
    responses=problem_responses(Unauthorized, Forbidden, NotFound, Unprocessable, Unavailable),
)
async def sales(
    _admin: AdminUser, event_id: PathId, service: Annotated[SalesService, Depends(_sales_service)]
) -> Response:
    """Sold, in baskets, earned, refused, by category and by hour, and what the ledger says of it, all of one moment.

    For administrators. It is one statement, whose work grows with the event's seats and what is sold of them: of a
    stadium of 50,000 seats 15 ms before the first sale, 150 ms when it is sold out. The first question after a start
    reads the event's whole ledger as well, up to a second if every seat was held many times; the next go on from
    there. For what changes from second to second, follow the live socket.
    """
    found = await service.of(event_id)
    return Response(msgspec.json.encode(found), media_type="application/json", headers={"Cache-Control": "no-store"})
