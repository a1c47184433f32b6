"""JSON over HTTP for everything around the attack, with errors a person can act on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import aiohttp

from loadtest.model import CannotRun, Person

T = TypeVar("T")
R = TypeVar("R")

# Requests at a time outside the attack. Signing up costs the server a bcrypt hash per request: more at once
# would only queue there until requests time out.
CONCURRENT_REQUESTS = 8
# A throttled sign-up is asked again this often before the run gives up.
THROTTLED_ATTEMPTS = 10
LONGEST_WAIT_S = 60.0


def authorization(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.access_token}"}


async def call(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    expected: int,
    person: Person | None = None,
    body: Mapping[str, Any] | None = None,
    params: Mapping[str, str] | None = None,
    member: str | None = None,
) -> dict[str, Any]:
    """The JSON object of an answer with the `expected` status; empty for 204. Waits and asks again after 429.

    Raises CannotRun for every other status, when nobody answers, and when the object has not the `member`
    (then something else than Frontrow answered).
    """
    for _ in range(THROTTLED_ATTEMPTS):
        try:
            async with session.request(
                method, url, json=body, params=params, headers=authorization(person) if person else None
            ) as response:
                if response.status == 429:
                    wait_s = _retry_after_s(response)
                elif response.status != expected:
                    raise CannotRun(f"{method} {url} answered {response.status}: {await _reason(response)}")
                elif expected == 204:
                    return {}
                else:
                    document = await response.json()
                    if not isinstance(document, dict) or (member is not None and member not in document):
                        raise CannotRun(f"{method} {url} did not answer as Frontrow does: no {member or 'object'}")
                    return document
        except TimeoutError as error:
            raise CannotRun(f"{method} {url} did not answer in time") from error
        except aiohttp.ClientConnectorError as error:
            raise CannotRun(f"{method} {url}: nobody answers there ({error.os_error})") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CannotRun(f"{method} {url} failed: {error}") from error
        await asyncio.sleep(wait_s)
    raise CannotRun(f"{method} {url} kept answering 429 (too many requests)")


async def each(work: Callable[[T], Awaitable[R]], items: Iterable[T], *, at_once: int = CONCURRENT_REQUESTS) -> list[R]:
    """The results of `work` for each item, in order. The first error stops the rest and is raised."""
    turnstile = asyncio.Semaphore(at_once)

    async def one(item: T) -> R:
        async with turnstile:
            return await work(item)

    tasks = [asyncio.create_task(one(item)) for item in items]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _retry_after_s(response: aiohttp.ClientResponse) -> float:
    """Retry-After in seconds; its date form and nonsense count as one second."""
    value = response.headers.get("Retry-After", "")
    return min(float(value), LONGEST_WAIT_S) if value.isascii() and value.isdigit() else 1.0


async def _reason(response: aiohttp.ClientResponse) -> str:
    """The problem's own words, or the beginning of whatever came instead."""
    if response.content_type in {"application/problem+json", "application/json"}:
        document = await response.json(content_type=None)
        if isinstance(document, dict) and (words := document.get("detail") or document.get("title")):
            return str(words)
    return " ".join((await response.text(errors="replace"))[:200].split()) or str(response.reason)
