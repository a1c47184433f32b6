"""The attack: everybody asks for the same seat at the same instant."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import aiohttp

from loadtest.client import authorization, call, each
from loadtest.model import Answer, Person


async def attack(people: Sequence[Person], seat_id: int, instances: Sequence[str], *, timeout_s: float) -> list[Answer]:
    """The answers, in order of arrival, to one `POST /hold-seat` per person, dealt out over `instances`.

    Raises CannotRun when an instance cannot be reached before the start. After it, a request without
    an answer is an answer too: one without a status.
    """
    # Who stands first in the event loop's queue has a head start; over several rounds that should be anybody.
    runners = list(people)
    random.SystemRandom().shuffle(runners)

    async with AsyncExitStack() as stack:
        lanes = []
        for number, person in enumerate(runners):
            # Each has a session of one connection: nobody waits for a connection that is in use.
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=1), timeout=aiohttp.ClientTimeout(total=timeout_s)
            )
            await stack.enter_async_context(session)
            lanes.append((session, person, instances[number % len(instances)]))

        async def warm_up(lane: tuple[aiohttp.ClientSession, Person, str]) -> None:
            session, person, instance = lane
            await call(session, "GET", f"{instance}/my-holds", expected=200, person=person)

        # All at once and right before the start: servers close connections that are idle for a few seconds.
        await each(warm_up, lanes, at_once=len(lanes))

        start = asyncio.Event()
        tasks = [asyncio.create_task(_hold(start, *lane, seat_id)) for lane in lanes]
        await asyncio.sleep(0)  # Every task runs up to the barrier.
        start.set()
        answers = await asyncio.gather(*tasks)
    return sorted(answers, key=lambda answer: answer.arrived_at_s)


async def _hold(
    start: asyncio.Event, session: aiohttp.ClientSession, person: Person, instance: str, seat_id: int
) -> Answer:
    headers = authorization(person)
    await start.wait()
    sent_at_s = time.perf_counter()
    status, content_type, body, error = None, "", b"", None
    try:
        async with session.post(f"{instance}/hold-seat", json={"seat_id": seat_id}, headers=headers) as response:
            body = await response.read()
            status, content_type = response.status, response.content_type
    except TimeoutError:
        error = "no answer in time"
    except (aiohttp.ClientError, OSError) as failure:
        error = str(failure) or type(failure).__name__
    duration_s = time.perf_counter() - sent_at_s
    return Answer(person, instance, status, content_type, body, sent_at_s, duration_s, error)
