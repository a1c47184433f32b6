"""What a write comes to: the answer, and the news to announce once it is committed."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from fastapi import Response
from starlette.types import Send

from shared.chassis.problems import MEDIA_TYPE, Problem
from shared.contracts.live_messages import SeatChanges


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it is stored with its idempotency key. `body` is JSON text, empty for 204."""

    status: int
    body: str
    replayed: bool = False
    """Whether it was given before, to the same key: then nothing has happened this time."""

    @property
    def media_type(self) -> str:
        """Of its body."""
        return MEDIA_TYPE if self.status >= 400 else "application/json"

    def response(self) -> Response:
        """The answer on its way out."""
        if self.status == 204:
            return Response(status_code=204)
        return Response(
            self.body, status_code=self.status, media_type=self.media_type, headers={"Cache-Control": "no-store"}
        )

    async def send(self, send: Send) -> None:
        """The same (but for 204), past the framework: a `Response` takes longer to make than its body."""
        body = self.body.encode()
        headers = [
            (b"cache-control", b"no-store"),
            (b"content-length", b"%d" % len(body)),
            (b"content-type", self.media_type.encode()),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the steps of one write lead to, if its transaction commits."""

    answer: Answer
    changes: SeatChanges | None = None
    """Announced after COMMIT, never before: news of work that was rolled back would be a lie."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the caller needs to know once it is committed, such as when a hold ends."""


def answer(status: int, value: msgspec.Struct | None = None) -> Answer:
    """An answer with `value` as its JSON."""
    return Answer(status, msgspec.json.encode(value).decode() if value is not None else "")


def is_plain(problem: Problem) -> bool:
    """Whether its document says it all: no headers come with it."""
    return not problem.headers and "retry_after" not in problem.members


def refusal(problem: Problem, instance: str) -> Answer:
    """A problem as an answer that can be stored and given again."""
    return Answer(problem.status, msgspec.json.encode(problem.document(instance)).decode())
