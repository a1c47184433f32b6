"""Errors as RFC 9457 problem details. Raise a `Problem`; one handler renders it."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An expected refusal. Subclass it for each situation; `slug` is stable and has a page in docs/problems.md.

    Whoever answers with it drops its traceback first. That leads to the frames that it came through, and these know the
    problem again: cycles that only the garbage collector would find, sixty objects of them for each refusal.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def document(self, instance: str) -> dict[str, Any]:
        """The problem as JSON-ready members; `instance` is the path that was asked for."""
        document = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail or self.title,
            "instance": instance,
        }
        return document | self.members

    def response(self, instance: str) -> Response:
        """The problem as an answer."""
        headers = {**self.headers, "Cache-Control": "no-store"}
        if "retry_after" in self.members:
            headers["Retry-After"] = str(self.members["retry_after"])
        return Response(
            msgspec.json.encode(self.document(instance)),
            status_code=self.status,
            media_type=MEDIA_TYPE,
            headers=headers,
        )


class BadRequest(Problem):
    """The bytes are no HTTP request that we serve, for example a body that is not what its length says."""

    status, slug, title = 400, "bad-request", "The request could not be read"


class Unauthorized(Problem):
    """No token, or one that is not good (any more). The same answer for every reason."""

    status, slug, title = 401, "not-signed-in", "Sign in first"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """Signed in, but this is for administrators."""

    status, slug, title = 403, "forbidden", "This needs another role"


class NotFound(Problem):
    """It does not exist, or it is somebody else's: the answer does not tell which."""

    status, slug, title = 404, "not-found", "Not found"


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status, slug, title = 405, "method-not-allowed", "Method not allowed"


class Conflict(Problem):
    """The state of things does not allow it now."""

    status, slug, title = 409, "conflict", "That is not possible now"


class PayloadTooLarge(Problem):
    """The body is larger than any request of ours."""

    status, slug, title = 413, "body-too-large", "The body is too large"


class UnsupportedMediaType(Problem):
    """The body is not JSON."""

    status, slug, title = 415, "not-json", "Send JSON"


class Unprocessable(Problem):
    """Malformed input; `errors` lists what and where, and never repeats what was sent."""

    status, slug, title = 422, "invalid-request", "The request is not valid"


class TooManyRequests(Problem):
    """Slow down; `retry_after` in seconds."""

    status, slug, title = 429, "too-many-requests", "Too many requests"


class Unavailable(Problem):
    """We cannot tell or do it now. Whether a write happened is unknown: retry with the same `Idempotency-Key`."""

    status, slug, title = 503, "unavailable", "Not available right now"

    def __init__(self, detail: str = "", *, retry_after: int = 1) -> None:
        super().__init__(
            detail or "Try again with the same Idempotency-Key: it settles whether the first try happened.",
            retry_after=retry_after,
        )


def problem_responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of `problems`, for a route's `responses=`. Several of one status share an entry."""
    responses: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        example = {
            "type": f"/problems/{problem.slug}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.title,
            "instance": "/…",
        }
        entry = responses.setdefault(
            problem.status,
            {
                "description": problem.title,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        entry["content"][MEDIA_TYPE]["examples"][problem.slug] = {"summary": problem.title, "value": example}
    return responses


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457). Some problems carry further members, such as `seats` or `retry_after`.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "Stable name of the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
    },
    "additionalProperties": True,
}
