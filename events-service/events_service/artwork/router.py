"""The generated picture of an event, for pages and link previews."""

from typing import Any

from fastapi import APIRouter, Request, Response

from events_service.artwork.poster import draw_poster
from events_service.catalog.router import CONDITIONAL, CatalogDep
from events_service.documents import Manner
from events_service.known_addresses import answer
from shared.chassis.fields import PathId
from shared.chassis.problems import NotFound, Unavailable, Unprocessable, problem_responses

router = APIRouter(prefix="/events", tags=["catalogue"])

# The name in the picture is an organiser's text: whoever opens the picture by itself must not run anything in it.
POSTER_POLICY = b"default-src 'none'; style-src 'unsafe-inline'"
FOR_AN_HOUR = Manner(
    "image/svg+xml", "public, max-age=3600", more_headers=((b"content-security-policy", POSTER_POLICY),)
)

_POSTER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A poster, 600 by 900.", "content": {"image/svg+xml": {"schema": {"type": "string"}}}},
    304: {"description": "The client has this picture."},
}


@router.get(
    "/{event_id}/artwork.svg",
    summary="The generated picture of an event",
    response_class=Response,
    dependencies=CONDITIONAL,
    responses={**_POSTER, **problem_responses(NotFound, Unprocessable, Unavailable)},
)
async def artwork(request: Request, event_id: PathId, catalog: CatalogDep) -> Response:
    """A poster with the event's name; the same bytes as long as the name stays."""
    return await answer(request, lambda: catalog.poster(event_id, draw_poster), FOR_AN_HOUR)
