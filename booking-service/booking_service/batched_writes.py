"""Many writes in one transaction: one set of statements and one commit for all that was waiting.

Batching changes what a write costs, not what it means. The rules are one function, `Decide`, that decides about
requests in turn; a batch that the database refuses is undone as a whole, and each of its requests is then written
alone, by `Writer` and the same function, so that nobody is hurt by a neighbour.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg
import structlog

from booking_service.answers import Outcome, refusal
from booking_service.batching import Batcher
from booking_service.idempotency import claim_new, keep, unclaim
from booking_service.transactions import Connection, Writer
from shared.chassis.idempotency import RequestKey
from shared.chassis.problems import Problem
from shared.contracts.live_messages import SeatChange, SeatChanges

log = structlog.get_logger()

Request = TypeVar("Request")


class NotDecided(Exception):
    """Refused for now: nothing of it is kept, so that the same request, with the same key, may be decided about again.

    Whoever gives the refusal to the client has it kept first (a retry must be answered the same), as its caller's
    `problem` or another one.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


Decide = Callable[
    ["Connection[asyncpg.Record]", Sequence[Request]], Awaitable[Sequence[Outcome | Problem | NotDecided | None]]
]
"""Does the steps of many writes, as if one came after the other: an outcome for each, or why it is refused.

What it refuses has no effect. It may leave one of several requests open (`None`): that is then decided about alone.
Raises when it cannot tell the requests apart any more; then whatever it did is undone, and it is called again for each
alone.
"""

_Verdict = Outcome | Problem | NotDecided | None
"""`None`: it has to go alone."""

LANES = 2
"""Batches of one kind under way at once: while one waits for the disk, the next one is worked on. More only makes
batches smaller."""
MOST_TOGETHER = 128
"""Requests in one batch: whoever waits for the last of them to be decided waits for all of them."""
MOST_WAITING = 4096
"""Requests of one kind that may wait; the next one is told 503 at once."""

PATIENCE = "250ms"
"""How long a batch waits for a row that somebody else has locked. Then each of its requests goes on alone, and waits
there (`lock_timeout` of the session), while its neighbours have their answers."""

BEGIN = f"BEGIN; SET LOCAL lock_timeout = '{PATIENCE}'"

_SERVER_IS_AWAY = (OSError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError)


class BatchedWriter(Generic[Request]):
    """Runs writes of one kind together with those that wait beside them."""

    def __init__(
        self, writer: Writer, *, decide: Decide[Request], operation: str, in_one_statement: bool = False
    ) -> None:
        """`operation` is the name of this kind for failpoints; `writer` writes those that go alone.

        `in_one_statement`: `decide` changes things by one statement, with `PATIENCE` where there is no transaction.
        Then a batch without keys needs none: two round trips fewer.
        """
        self._writer = writer
        self._decide = decide
        self._operation = operation
        self._in_one_statement = in_one_statement
        self._batcher: Batcher[_Asked[Request], _Verdict] = Batcher(
            self._work, lanes=LANES, most=MOST_TOGETHER, most_waiting=MOST_WAITING
        )

    async def write(self, request: Request, *, key: RequestKey | None, instance: str) -> Outcome:
        """Decide about `request` and announce its changes after COMMIT. The promises are those of `Writer.write`.

        What is `NotDecided` is raised as its problem, also with a key.
        """
        result = await self._batcher.submit(_Asked(request, key, instance))
        if result is None:
            try:
                return await self._writer.write(
                    lambda connection: self._alone(connection, request),
                    operation=self._operation,
                    key=key,
                    instance=instance,
                )
            except NotDecided as refused:
                result = refused.with_traceback(None)  # which leads to `_alone`, and from there back to it: a cycle
        if isinstance(result, NotDecided):
            raise result.problem
        if isinstance(result, Problem):
            raise result
        return result

    async def _alone(self, connection: "Connection[asyncpg.Record]", request: Request) -> Outcome:
        [verdict] = await self._decide(connection, [request])
        if verdict is None:
            raise RuntimeError("a request that is alone has to be decided about")
        if not isinstance(verdict, Outcome):
            raise verdict  # out of the transaction, and `NotDecided` out of that of the key as well
        return verdict

    async def _work(self, batch: "Sequence[_Asked[Request]]") -> Sequence[_Verdict]:
        """What each request of the batch came to."""
        is_transaction = not self._in_one_statement or any(asked.key for asked in batch)
        async with self._writer.connection() as connection:
            if is_transaction:
                await connection.execute(BEGIN)
            try:
                verdicts = await self._write(connection, batch)
            except Exception as error:
                if connection.is_closed() or isinstance(error, _SERVER_IS_AWAY):
                    raise  # for all of them; what was a transaction by itself may even have been committed
                if is_transaction:
                    await connection.execute("ROLLBACK")
                log.info("batch.undone", operation=self._operation, requests=len(batch), error=type(error).__name__)
                return [None] * len(batch)
            if is_transaction:
                await connection.execute("COMMIT")
        await self._writer.reach(self._operation, "after_commit")
        for changes in _merged(verdicts):
            self._writer.announcer.announce(changes)
        return verdicts

    async def _write(
        self, connection: "Connection[asyncpg.Record]", batch: "Sequence[_Asked[Request]]"
    ) -> list[_Verdict]:
        results: list[_Verdict] = [None] * len(batch)
        fresh = await self._fresh(connection, batch)
        decided = await self._decide(connection, [batch[index].request for index in fresh])
        answers, undecided = [], []
        for index, verdict in zip(fresh, decided, strict=True):
            key = batch[index].key
            if verdict is None or isinstance(verdict, NotDecided):
                undecided += [key] if key else []
            elif key is not None:
                if isinstance(verdict, Problem):
                    verdict = Outcome(refusal(verdict, batch[index].instance))
                answers.append((key, verdict.answer))
            results[index] = verdict
        if undecided:
            await unclaim(connection, undecided)
        if answers:
            await keep(connection, answers)
            await self._writer.reach(self._operation, "before_commit")
        return results

    async def _fresh(self, connection: "Connection[asyncpg.Record]", batch: "Sequence[_Asked[Request]]") -> list[int]:
        """Which requests are decided here: not those whose key has been used before, be it in this very batch."""
        keys = {(asked.key.user_id, asked.key.key): asked.key for asked in batch if asked.key is not None}
        if not keys:
            return list(range(len(batch)))
        claimed = await claim_new(connection, keys.values())
        await self._writer.reach(self._operation, "after_claim")
        fresh = []
        for index, asked in enumerate(batch):
            if asked.key is not None:
                name = (asked.key.user_id, asked.key.key)
                if name not in claimed or asked.key is not keys[name]:
                    continue
            fresh.append(index)
        return fresh


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Request]):
    """A request, and what its answer is kept under."""

    request: Request
    key: RequestKey | None
    instance: str


def _merged(verdicts: Sequence[_Verdict]) -> list[SeatChanges]:
    """The news of a whole batch, one message per event."""
    events: dict[int, list[SeatChange]] = {}
    for verdict in verdicts:
        if isinstance(verdict, Outcome) and verdict.changes is not None:
            events.setdefault(verdict.changes.event_id, []).extend(verdict.changes.changes)
    return [SeatChanges(event_id, changes) for event_id, changes in events.items()]
