"""The generated picture of an event, for pages and link previews."""

import hashlib
from typing import Any

from fastapi import APIRouter, Response

from events_service.artwork.poster import draw_poster
from events_service.catalog.router import CatalogDep
from events_service.etags import IfNoneMatch, known_tags, tagged
from shared.chassis.fields import PathId
from shared.chassis.problems import NotFound, Unavailable, Unprocessable, problem_responses

router = APIRouter(prefix="/events", tags=["catalogue"])

# The name in the picture is an organiser's text: whoever opens the picture by itself must not run anything in it.
POSTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
AN_HOUR = "public, max-age=3600"

_POSTER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A poster, 600 by 900.", "content": {"image/svg+xml": {"schema": {"type": "string"}}}},
    304: {"description": "The client has this picture."},
}


@router.get(
    "/{event_id}/artwork.svg",
    summary="The generated picture of an event",
    response_class=Response,
    responses={**_POSTER, **problem_responses(NotFound, Unprocessable, Unavailable)},
)
async def artwork(event_id: PathId, catalog: CatalogDep, if_none_match: IfNoneMatch = None) -> Response:
    """A poster with the event's name; the same bytes as long as the name stays."""
    poster = await catalog.poster(event_id, draw_poster)
    tag = hashlib.sha256(poster).hexdigest()[:32]
    answer = tagged(
        None if tag in known_tags(if_none_match) else poster,
        tag=tag,
        media_type="image/svg+xml",
        cache_control=AN_HOUR,
    )
    answer.headers["Content-Security-Policy"] = POSTER_POLICY
    return answer
