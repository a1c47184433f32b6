"""The route that draws a room for an organiser."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from events_service.catalog.schemas import PLAIN_NUMBER
from events_service.documents import Document, DocumentResponse, IfNoneMatch, Manner
from events_service.seat_plans import CAPACITY_MAX, CAPACITY_MIN, TEMPLATES, SeatPlan
from shared.chassis.fields import Text
from shared.chassis.identity import AdminUser
from shared.chassis.problems import Forbidden, NotFound, Unauthorized, Unavailable, Unprocessable, problem_responses

router = APIRouter(prefix="/seat-plan-templates", tags=["administration"])

# Drawn by this version of the product: the next one may draw another. For administrators, so no shared cache keeps it.
_ASK_AGAIN = Manner("application/json", "private, no-cache")

_PREVIEW: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A plan document; nothing is stored.",
        "content": {"application/json": {"schema": {"type": "object"}}},
        "headers": {"ETag": {"description": "The plan's hash.", "schema": {"type": "string"}}},
    },
    304: {"description": "The client has this plan."},
}


async def _conditional(_if_none_match: IfNoneMatch = None) -> None:
    """Only for the document: the header is looked at when the answer is sent (`events_service.documents`)."""


@router.get(
    "/{name}",
    summary="Look at a room",
    response_class=Response,
    dependencies=[Depends(_conditional)],
    responses=_PREVIEW | problem_responses(Unauthorized, Forbidden, NotFound, Unprocessable, Unavailable),
)
async def room(
    _admin: AdminUser,
    name: Annotated[
        Text, Path(min_length=1, max_length=40, examples=["club"], description="A template: docs/seat-plans.md.")
    ],
    capacity: Annotated[
        Annotated[int, Field(ge=CAPACITY_MIN, le=CAPACITY_MAX)] | None,
        PLAIN_NUMBER,
        Query(examples=[312], description="Places, exactly. Default: the room's own size."),
    ] = None,
) -> DocumentResponse:
    """The plan that `POST /events` would make of the template: its sections to paint, its categories to price.

    Only for administrators, because drawing a stadium is work.
    """
    if name not in TEMPLATES:
        raise NotFound(f"There is no template of this name; there are {', '.join(TEMPLATES)}.")
    plan: SeatPlan = await asyncio.to_thread(TEMPLATES[name].build, capacity=capacity)
    return DocumentResponse(Document(plan.document(), tag=plan.content_hash), _ASK_AGAIN)
