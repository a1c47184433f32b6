"""Connections that stop before each statement until somebody says "go on": the brakes on one operation.

They are asyncpg connections, so the product's pools, transactions and SQLAlchemy engines run on them as they are. What
nobody else can see is not a step: BEGIN, SAVEPOINT and RELEASE take no lock and no snapshot (READ COMMITTED takes one
per statement), and reading a prepared statement's types is the driver's own business. What travels as one, as a
function of the session, is here the statements that it is made from, each a step.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from booking_service import idempotency
from booking_service.bookings import repository as bookings
from booking_service.check_in import repository as check_in
from booking_service.expiry import sweep
from booking_service.holds import repository as holds
from booking_service.holds import taking
from tests.interleavings import situations

T = TypeVar("T")
Record = asyncpg.Record

_UNSEEN = ("BEGIN", "SAVEPOINT", "RELEASE")
_ENDS = ("COMMIT", "ROLLBACK")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(\w+)", re.IGNORECASE)
_NAMES = {
    text: name.strip("_").lower()
    for module in (taking, holds, bookings, check_in, idempotency, sweep, situations)
    for name, text in vars(module).items()
    if isinstance(text, str) and name.isupper()
}


class State(Enum):
    """Where an operation is."""

    READY = "stands before its next step"
    RUNNING = "its statement is with PostgreSQL, which may keep it waiting for a lock"
    DONE = "has answered"


class Pilot:
    """One operation under way: stands before its steps until `go`."""

    def __init__(self, name: str, changed: asyncio.Event) -> None:
        """`changed` is set whenever `state` has changed."""
        self.name = name
        self.state = State.RUNNING
        self.steps: list[str] = []
        """Names of the steps begun so far."""
        self.next_step = ""
        """The name of the step it is ready for."""
        self.frees_locks = False
        """Whether the step that it took last may have let go of locks."""
        self.refused_by_database: list[str] = []
        """Errors of single statements, whatever the operation made of them."""
        self._changed = changed
        self._may_go: asyncio.Future[None] | None = None

    def go(self) -> None:
        """Take the next step."""
        if self._may_go is None:
            raise RuntimeError(f"{self.name} is not ready")
        self._turn(State.RUNNING)
        self._may_go.set_result(None)
        self._may_go = None

    def finish(self) -> None:
        """There are no more steps."""
        self._turn(State.DONE)

    async def step(self, name: str, statement: Callable[[], Awaitable[T]], *, frees_locks: bool) -> T:
        """Wait for `go`, then run `statement`."""
        self._may_go = asyncio.get_running_loop().create_future()
        self.next_step = name
        self._turn(State.READY)
        await self._may_go
        self.steps.append(name)
        self.frees_locks = frees_locks
        try:
            return await statement()
        except asyncpg.PostgresError as error:
            self.frees_locks = True  # PostgreSQL lets go of them at the error, not at the ROLLBACK
            self.refused_by_database.append(f"{name}: {error.sqlstate} {type(error).__name__}")
            raise

    def _turn(self, state: State) -> None:
        self.state = state
        self._changed.set()


if TYPE_CHECKING:
    _Connection = asyncpg.Connection[Record]
else:
    _Connection = asyncpg.Connection  # is no generic at run time


class SteppedConnection(_Connection):
    """An asyncpg connection whose statements are steps of `pilot`, while it has one."""

    pilot: Pilot | None = None

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:  # noqa: ASYNC109 - asyncpg's
        """See asyncpg."""
        return await self._step(query, lambda: super(SteppedConnection, self).execute(query, *args, timeout=timeout))

    async def fetch(self, query: str, *args: object, **options: Any) -> list[Any]:
        """See asyncpg."""
        if query == taking.CALL:
            return await self._take(*args)
        return await self._step(query, lambda: super(SteppedConnection, self).fetch(query, *args, **options))

    async def fetchrow(self, query: str, *args: object, **options: Any) -> Any:
        """See asyncpg."""
        return await self._step(query, lambda: super(SteppedConnection, self).fetchrow(query, *args, **options))

    async def fetchval(self, query: str, *args: object, **options: Any) -> Any:
        """See asyncpg."""
        return await self._step(query, lambda: super(SteppedConnection, self).fetchval(query, *args, **options))

    async def prepare(self, query: str, **options: Any) -> Any:
        """A statement that stops before it is run: this is how SQLAlchemy runs all of its own."""
        return SteppedStatement(self, query, await super().prepare(query, **options))

    def get_reset_query(self) -> str:
        """Nothing: what a pool does between two operations is no step of either."""
        return ""

    async def _take(self, users: object, events: object, *rest: object) -> list[Any]:
        *others, _patience = rest
        async with AsyncExitStack() as stack:
            if not self.is_in_transaction():
                await stack.enter_async_context(self.transaction())
            await self.execute(taking.LOCK_LIMITS, users, events)
            # By this name also with a mistake planted in it.
            return await self._step(
                "take", lambda: super(SteppedConnection, self).fetch(taking.TAKE, users, events, *others)
            )

    async def _step(self, query: str, statement: Callable[[], Awaitable[T]]) -> T:
        name = name_of(query)
        if self.pilot is None or name.startswith(_UNSEEN):
            return await statement()
        frees_locks = name.startswith(_ENDS) or not self.is_in_transaction()
        return await self.pilot.step(name, statement, frees_locks=frees_locks)


class SteppedStatement:
    """A prepared statement of a `SteppedConnection`."""

    def __init__(self, connection: SteppedConnection, query: str, prepared: Any) -> None:
        self._connection = connection
        self._query = query
        self._prepared = prepared

    async def fetch(self, *args: object) -> Sequence[Record]:
        """See asyncpg."""
        rows: Sequence[Record] = await self._connection._step(self._query, lambda: self._prepared.fetch(*args))
        return rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._prepared, name)


def name_of(query: str) -> str:
    """What a step is called: the constant that holds the statement, or its verb and its first table."""
    if query in _NAMES:
        return _NAMES[query]
    verb = " ".join(query.split(maxsplit=3)[:3]).rstrip(";") if query.startswith("ROLLBACK TO") else query.split()[0]
    table = _TABLE.search(query)
    return f"{verb.rstrip(';').lower()}_{table[1]}" if table and not verb.startswith("ROLLBACK") else verb.rstrip(";")
