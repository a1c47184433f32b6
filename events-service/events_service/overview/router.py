"""The route of the overview, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from events_service.catalog.cursors import BrokenCursor, Cursors, Position
from events_service.catalog.schemas import PAGE_SIZE_DEFAULT, CursorText, FilterText, PageSize
from events_service.overview.repository import OverviewRepository
from events_service.overview.schemas import OverviewFilter, OverviewItem, OverviewPage, When
from events_service.unit_of_work import SessionDep
from shared.chassis.identity import AdminUser
from shared.chassis.problems import Forbidden, Unauthorized, Unavailable, Unprocessable, problem_responses

router = APIRouter(prefix="/events", tags=["administration"])


async def _wanted(
    request: Request,
    _admin: AdminUser,
    when: Annotated[When, Query(description="`past` events come the latest first.")] = "upcoming",
    q: Annotated[
        FilterText | None, Query(examples=["garden"], description="Part of name, venue or city, in any case.")
    ] = None,
    limit: Annotated[PageSize, Query(description="Events in a page.")] = PAGE_SIZE_DEFAULT,
    cursor: Annotated[CursorText | None, Query(description="`next_cursor` of the page before.")] = None,
) -> OverviewFilter:
    cursors: Cursors = request.state.cursors
    try:
        after = None if cursor is None else cursors.read(cursor)
    except BrokenCursor:
        raise Unprocessable(
            "Check cursor.", errors=[{"loc": ["query", "cursor"], "msg": "is no cursor of this service"}]
        ) from None
    return OverviewFilter(when=when, limit=limit, after=after, text=q)


@router.get(
    "/overview",
    summary="All events, and what is sold of each",
    responses=problem_responses(Unauthorized, Forbidden, Unprocessable, Unavailable),
)
async def overview(
    request: Request, response: Response, wanted: Annotated[OverviewFilter, Depends(_wanted)], session: SessionDep
) -> OverviewPage:
    """Upcoming or past events with their sales at this moment, a page at a time. For administrators."""
    cursors: Cursors = request.state.cursors
    rows = await OverviewRepository(session).page(wanted)
    page = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    response.headers["Cache-Control"] = "no-store"
    return OverviewPage(
        items=[OverviewItem.model_validate(dict(row._mapping)) for row in page],
        next_cursor=cursors.write(Position(page[-1].start_time, page[-1].id)) if more else None,
    )
