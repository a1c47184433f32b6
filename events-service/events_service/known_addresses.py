"""Addresses that have been understood once need not be understood again (ADR-0021).

What a framework does for a GET before anybody looks for the answer (routing, dependencies, checking the query) depends
on nothing but the address, and cost five times as much as the answer itself. So a route remembers, by the address, the
question that it came down to, and who asks the same way again is led straight to it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from events_service.documents import Document, DocumentResponse, Manner, send_document
from events_service.recent import Recent
from shared.chassis.problems import Problem

ROOM = 4096
"""Addresses that are remembered."""
MAX_ADDRESS_CHARS = 512
"""Longer ones are understood each time: nobody's page asks like that, and 4,096 of them would be large."""

Address = tuple[str, bytes]
Ask = Callable[[], Awaitable[Document]]


@dataclass(frozen=True, slots=True)
class Question:
    """What an address asks for, with everything in it checked, and how the answer is sent."""

    ask: Ask
    manner: Manner


class KnownAddresses:
    """The questions behind the addresses that were asked lately."""

    def __init__(self) -> None:
        self._questions: Recent[Address, Question] = Recent(room=ROOM, size_of=lambda _question: 1)

    def find(self, scope: Scope) -> Question | None:
        """What the request of `scope` asks, if its address is known."""
        return self._questions.get((scope["path"], scope["query_string"]))

    def remember(self, scope: Scope, question: Question) -> None:
        """The address of `scope` asks `question`."""
        address = scope["path"], scope["query_string"]
        if len(address[0]) + len(address[1]) <= MAX_ADDRESS_CHARS:
            self._questions.put(address, question)

    def forget(self, scope: Scope) -> None:
        """The address of `scope` is to be understood anew."""
        self._questions.drop((scope["path"], scope["query_string"]))


class ShortWay:
    """Leads a GET with a known address to its question, every other request to the service.

    It must be the innermost layer: what refuses, logs and marks requests applies to these as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        addresses: KnownAddresses = scope["state"]["addresses"]
        question = addresses.find(scope)
        if question is None:
            await self._app(scope, receive, send)
            return
        try:
            document = await question.ask()
        except Problem:
            # Gone meanwhile, for example. The service says so in its own words.
            addresses.forget(scope)
            await self._app(scope, receive, send)
            return
        await send_document(document, question.manner, scope, send)


async def answer(request: Request, ask: Ask, manner: Manner) -> DocumentResponse:
    """The answer to a GET whose address comes down to `ask`, which must depend on nothing else of the request.

    Raises what `ask` raises; then the address is not remembered.
    """
    document = await ask()
    addresses: KnownAddresses = request.state.addresses
    addresses.remember(request.scope, Question(ask, manner))
    return DocumentResponse(document, manner)
