"""Signing up the people who race."""

import secrets
from collections.abc import Callable

import aiohttp

from loadtest.client import call, each
from loadtest.model import Person


async def sign_up(
    session: aiohttp.ClientSession,
    auth_url: str,
    count: int,
    *,
    run: str,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Person]:
    """Registers and signs in `count` new users, `race-<run>-<n>@example.com`.

    `progress` hears how many are done. Raises CannotRun when one of them is refused.
    """
    done = 0

    async def one(number: int) -> Person:
        nonlocal done
        credentials = {"email": f"race-{run}-{number}@example.com", "password": secrets.token_urlsafe(24)}
        user = await call(session, "POST", f"{auth_url}/register", expected=201, body=credentials, member="id")
        tokens = await call(session, "POST", f"{auth_url}/login", expected=200, body=credentials, member="access_token")
        done += 1
        progress(done)
        return Person(id=user["id"], email=credentials["email"], access_token=tokens["access_token"])

    # The first goes alone: when signing up does not work, one request says so instead of hundreds.
    first = await one(1)
    return [first, *await each(one, range(2, count + 1))]
