"""Routes that read the catalogue. Anybody may call them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from events_service.catalog.cursors import BrokenCursor, Cursors
from events_service.catalog.schemas import (
    PAGE_SIZE_DEFAULT,
    BrowsePage,
    CursorText,
    EventDetails,
    EventFilter,
    EventSeats,
    FilterText,
    MovieName,
    MovieShowtimes,
    PageSize,
    SeatStatus,
)
from events_service.catalog.service import Catalog
from events_service.documents import IfNoneMatch, Manner
from events_service.known_addresses import answer
from shared.chassis.fields import PathId
from shared.chassis.instants import GivenInstant
from shared.chassis.problems import NotFound, Unavailable, Unprocessable, problem_responses

router = APIRouter(prefix="/events", tags=["catalogue"])

# Our own cache knows when something was written; a browser's would not. So it asks, and mostly hears 304.
ASK_AGAIN = Manner("application/json", "no-cache")
# A plan is immutable and an event keeps its plan, so a browser need never ask again.
FOR_EVER = Manner("application/json", "public, max-age=31536000, immutable")
# A status is true for the moment, and a hold ends without anybody writing anything.
NEVER_KEPT = Manner("application/json", "no-store", kept=False)


# Dependencies are coroutines: plain functions are sent to a thread and back, which takes longer than what they do.
async def _catalog(request: Request) -> Catalog:
    catalog: Catalog = request.state.catalog
    return catalog


CatalogDep = Annotated[Catalog, Depends(_catalog)]


async def _conditional(_if_none_match: IfNoneMatch = None) -> None:
    """Only for the document: the header is looked at when the answer is sent (`events_service.documents`)."""


CONDITIONAL = [Depends(_conditional)]
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The client has this answer."}}


async def _wanted(
    request: Request,
    limit: Annotated[PageSize, Query(description="Events in a page.")] = PAGE_SIZE_DEFAULT,
    cursor: Annotated[CursorText | None, Query(description="`next_cursor` of the page before.")] = None,
    event_type: Annotated[FilterText | None, Query(examples=["movie"], description="Only events of this type.")] = None,
    city: Annotated[
        FilterText | None, Query(examples=["Berlin"], description="Only in this city, in any case.")
    ] = None,
    q: Annotated[
        FilterText | None, Query(examples=["garden"], description="Part of the event's or venue's name, in any case.")
    ] = None,
    from_: Annotated[
        GivenInstant | None,
        Query(alias="from", description="Starts then or later; RFC 3339, `+` written as `%2B`. Default: from now on."),
    ] = None,
    to: Annotated[GivenInstant | None, Query(description="Starts before then; RFC 3339.")] = None,
) -> EventFilter:
    cursors: Cursors = request.state.cursors
    try:
        after = None if cursor is None else cursors.read(cursor)
    except BrokenCursor:
        raise Unprocessable(
            "Check cursor.", errors=[{"loc": ["query", "cursor"], "msg": "is no cursor of this service"}]
        ) from None
    return EventFilter(
        limit=limit,
        after=after,
        event_type=event_type,
        city=city,
        text=q,
        starts_from=from_,
        starts_before=to,
    )


@router.get(
    "/browse",
    summary="What is on",
    response_model=BrowsePage,
    dependencies=CONDITIONAL,
    responses=_UNCHANGED | problem_responses(Unprocessable, Unavailable),
)
async def browse(request: Request, wanted: Annotated[EventFilter, Depends(_wanted)], catalog: CatalogDep) -> Response:
    """Coming events by start time, a page at a time. Filters add up.

    The answer may be as old as the cache allows (a minute), but never from before the last change of an event.
    """
    return await answer(request, lambda: catalog.browse(wanted), ASK_AGAIN)


@router.get(
    "/movie/{name:path}/showtimes",
    summary="Where and when a movie is shown",
    response_model=MovieShowtimes,
    dependencies=CONDITIONAL,
    responses=_UNCHANGED | problem_responses(NotFound, Unprocessable, Unavailable),
)
async def showtimes(
    request: Request,
    name: Annotated[MovieName, Path(examples=["Metropolis"], description="The movie's whole name, in any case.")],
    catalog: CatalogDep,
) -> Response:
    """Coming performances of a movie: theaters by name, each with its showtimes by start time."""
    return await answer(request, lambda: catalog.showtimes(name), ASK_AGAIN)


@router.get(
    "/{event_id}",
    summary="One event",
    response_model=EventDetails,
    dependencies=CONDITIONAL,
    responses=_UNCHANGED | problem_responses(NotFound, Unprocessable, Unavailable),
)
async def details(request: Request, event_id: PathId, catalog: CatalogDep) -> Response:
    """The event, its prices and where its seats begin."""
    return await answer(request, lambda: catalog.details(event_id), ASK_AGAIN)


@router.get(
    "/{event_id}/seats",
    summary="The seats of an event, with their status now",
    response_model=EventSeats,
    responses=problem_responses(NotFound, Unprocessable, Unavailable),
)
async def seats(
    request: Request,
    event_id: PathId,
    catalog: CatalogDep,
    status: Annotated[SeatStatus | None, Query(description="Only seats that have this status now.")] = None,
    section: Annotated[FilterText | None, Query(examples=["Stalls"], description="Only seats of this section.")] = None,
) -> Response:
    """Every seat in the order of the plan. A hold that has ended reads as `available`, by the database's clock.

    To follow changes, use the live socket of the booking service: it begins with a snapshot.
    """
    return await answer(request, lambda: catalog.seats(event_id, status=status, section=section), NEVER_KEPT)


_PLAN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stored document, byte for byte.",
        "content": {"application/json": {"schema": {"type": "object"}}},
        "headers": {"ETag": {"description": "The plan's hash.", "schema": {"type": "string"}}},
    },
    304: {"description": "The client has this plan."},
}


@router.get(
    "/{event_id}/seat-plan",
    summary="Where the seats are",
    response_class=Response,
    dependencies=CONDITIONAL,
    responses={**_PLAN, **problem_responses(NotFound, Unprocessable, Unavailable)},
)
async def seat_plan(request: Request, event_id: PathId, catalog: CatalogDep) -> Response:
    """The immutable seat plan: places, categories, labels. It holds neither prices nor statuses."""
    return await answer(request, lambda: catalog.seat_plan(event_id), FOR_EVER)
