"""Asks the services, writes down every try, and asks again with the same key while the outcome is unknown."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp
import msgspec

from chaos.log import Write
from chaos.records import READS, Kind, Try, is_definite


@dataclass(frozen=True, kw_only=True)
class Question:
    """One operation: what is asked, and as whom. `key` also names it in the log."""

    key: str
    kind: Kind
    user_id: int
    token: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)


class Asker:
    """Asks `parts` (name → address)."""

    def __init__(
        self, session: aiohttp.ClientSession, parts: Mapping[str, str], write: Write, *, patience_s: float
    ) -> None:
        self._session = session
        self._parts = parts
        self._write = write
        self._timeout = aiohttp.ClientTimeout(total=patience_s)
        self.open: dict[str, Question] = {}
        """Operations whose outcome is not known yet."""

    async def settle(self, question: Question, parts: list[str], chance: Random, *, tries: int) -> Try | None:
        """Ask until there is a definite answer, at most `tries` times, each time any of `parts`. None: still open."""
        for attempt in range(tries):
            answer = await self.ask(question, chance.choice(parts))
            if is_definite(answer.status):
                return answer
            await asyncio.sleep(chance.uniform(0.02, min(0.05 * 2**attempt, 0.6)))
        return None

    async def ask(self, question: Question, part: str) -> Try:
        """One try. Never raises for what a broken system does."""
        headers = {"Authorization": f"Bearer {question.token}"} if question.token else {}
        if question.method == "POST" and question.token:
            headers["Idempotency-Key"] = question.key
        if question.kind not in READS:
            self.open[question.key] = question
        status: int | None = None
        body, error = None, "left in the middle"
        invoke = time.monotonic()
        try:
            status, body, error = await self._send(question, part, headers)
        finally:
            # Also when we are cancelled: what was sent may have its effect all the same.
            if is_definite(status):
                self.open.pop(question.key, None)
            answer = Try(
                key=question.key,
                kind=question.kind,
                user_id=question.user_id,
                part=part,
                asked=dict(question.asked),
                invoke=invoke,
                returned=time.monotonic(),
                status=status,
                body=body,
                error=error,
            )
            self._write(msgspec.structs.replace(answer, body=_short(question.kind, status, body)))
        return answer

    async def _send(self, question: Question, part: str, headers: Mapping[str, str]) -> tuple[int | None, Any, str]:
        try:
            async with self._session.request(
                question.method,
                self._parts[part] + question.path,
                json=question.body,
                headers=headers,
                timeout=self._timeout,
            ) as response:
                text = await response.read()
                body = await response.json() if text and "json" in response.content_type else None
                return response.status, body, ""
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as problem:
            # A status without its whole body is no answer.
            return None, None, type(problem).__name__


def _short(kind: Kind, status: int | None, body: Any) -> Any:
    """What the checker needs of a body."""
    if kind == "look" and status == 200:
        return [[seat["id"], seat["status"], seat["version"]] for seat in body["seats"]]
    if kind == "choose" and status == 200:
        return [offer["seat_ids"] for offer in body["offers"]]
    if kind in ("sign-in", "mine", "ticket"):
        return None  # tokens and tickets have no place in a log
    return body
