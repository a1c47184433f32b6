"""Walks and bursts: what people do who ask and are answered."""

import asyncio
import time
from collections.abc import Sequence
from itertools import cycle

from loadtest.bench.generator.lane import Lane
from loadtest.bench.plans import Answers, Burst, Follow, Load, Person, Walk

PATIENCE_S = 30.0
"""A connection that takes longer to open ends the round."""


async def connected(people: Sequence[Person]) -> list[Lane]:
    """One open connection for each."""
    loop = asyncio.get_running_loop()

    async def connect(person: Person) -> Lane:
        _, lane = await asyncio.wait_for(loop.create_connection(Lane, "127.0.0.1", person.port), PATIENCE_S)
        return lane

    return await asyncio.gather(*map(connect, people))


class _Walker:
    """One person of a walk. Everything that is done for an answer is in `_answered`."""

    def __init__(self, lane: Lane, person: Person, plan: Walk, load: Load, done: "asyncio.Future[None]") -> None:
        self._lane = lane
        self._requests = cycle(person.requests) if person.endlessly else iter(person.requests)
        self._follow_head = person.follow_head
        self._follow: Follow | None = plan.follow if person.follow_head else None
        self._asked, self._followed = load.groups[0], load.followed
        self._interval_s = plan.interval_s
        self._deadline = float("inf") if plan.seconds is None else load.began_at + plan.seconds
        self._done = done
        self._sent_at = 0.0
        self._due_at = 0.0
        self._following = False
        lane.on_answer = self._answered

    def begin(self, at: float) -> None:
        """Send the first request, at once or at `at`."""
        self._due_at = at
        self._next(time.monotonic())

    def _answered(self, status: int, answer: bytes) -> None:
        now = time.monotonic()
        answers = self._followed if self._following else self._asked
        answers.status.append(status)
        answers.sent_at.append(self._sent_at)
        answers.arrived_at.append(now)
        if status == 0:
            self._end()
        elif status == 201 and self._follow is not None and not self._following:
            self._following = True
            self._send(_following(self._follow, self._follow_head, answer), now)
        else:
            self._following = False
            self._next(now)

    def _next(self, now: float) -> None:
        wait_s = self._due_at - now
        if wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, self._send_next)
        else:
            self._send_next()

    def _send_next(self) -> None:
        now = time.monotonic()
        self._due_at = max(self._due_at + self._interval_s, now)
        request = next(self._requests, None) if now < self._deadline else None
        if request is None:
            self._end()
        else:
            self._send(request, now)

    def _send(self, request: bytes, now: float) -> None:
        self._sent_at = now
        self._lane.ask(request)

    def _end(self) -> None:
        if not self._done.done():
            self._done.set_result(None)


def _following(follow: Follow, head: bytes, answer: bytes) -> bytes:
    begin = answer.index(follow.marker) + len(follow.marker)
    body = follow.before + answer[begin : answer.index(follow.end, begin)] + follow.after
    return b"%b%d\r\n\r\n%b" % (head, len(body), body)


async def walk(plan: Walk, lanes: Sequence[Lane]) -> Load:
    """Do it."""
    loop = asyncio.get_running_loop()
    load = _empty_load(groups=1)
    ends = []
    step_s = plan.interval_s / len(lanes)
    for number, (lane, person) in enumerate(zip(lanes, plan.people, strict=True)):
        ends.append(loop.create_future())
        _Walker(lane, person, plan, load, ends[-1]).begin(load.began_at + number * step_s)
    await asyncio.gather(*ends)
    return load


async def burst(plan: Burst, lanes: Sequence[Lane]) -> Load:
    """Do it."""
    loop = asyncio.get_running_loop()
    instants = min(len(person.requests) for person in plan.people)
    load = _empty_load(groups=instants)
    for instant in range(instants):
        answers = load.groups[instant]
        all_answered = loop.create_future()

        def answered(
            status: int,
            _answer: bytes,
            answers: Answers = answers,
            all_answered: "asyncio.Future[None]" = all_answered,
        ) -> None:
            answers.status.append(status)
            answers.arrived_at.append(time.monotonic())
            if len(answers.status) == len(lanes):
                all_answered.set_result(None)

        requests = [(lane, person.requests[instant]) for lane, person in zip(lanes, plan.people, strict=True)]
        for lane in lanes:
            lane.on_answer = answered
        # One instant for all: a person's wait includes our writing of the others' requests.
        answers.sent_at = [time.monotonic()] * len(lanes)
        for lane, request in requests:
            lane.ask(request)
        await all_answered
    return load


def _empty_load(*, groups: int) -> Load:
    empty = [Answers(status=[], sent_at=[], arrived_at=[]) for _ in range(groups + 1)]
    return Load(groups=empty[1:], followed=empty[0], began_at=time.monotonic(), cpu_s=0.0)
