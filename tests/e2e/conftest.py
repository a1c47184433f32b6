"""One stack for all end-to-end tests: three booking instances, the sample data, durable servers."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from devstack.stack import ADMIN_EMAIL, Stack
from tests.e2e.browsers import ARGUMENTS, CHROMIUM, Windows

INSTANCES = 3


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running system. Tests may kill parts of it, and wait until they are back before they end."""
    with Stack(instances=INSTANCES, environment="test", settings={"BCRYPT_COST": "4"}) as running:
        yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of pages."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def closing_time() -> AsyncIterator[AsyncExitStack]:
    """What is to be undone when all windows are closed: a page whose event goes complains."""
    async with AsyncExitStack() as undone:
        yield undone


@pytest.fixture
async def windows(browser: Browser, stack: Stack, closing_time: AsyncExitStack) -> AsyncIterator[Windows]:
    """Opens windows. Console errors, warnings and broken policies fail the test."""
    opened = Windows(browser, stack.edge_url)
    yield opened
    await opened.close()
    assert opened.complaints == []


@dataclass
class Customer:
    """Somebody signed in. Talks to the one origin, as the pages do."""

    email: str
    password: str
    client: httpx.AsyncClient

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """GET /api/…"""
        return await self.client.get(f"/api{path}", params=params)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """POST /api/… with JSON."""
        return await self.client.post(f"/api{path}", json=body, headers=headers)


SignUp = Callable[[], Awaitable[Customer]]


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    async with httpx.AsyncClient(base_url=stack.edge_url, timeout=30) as client:
        yield client


@pytest.fixture
async def sign_up(stack: Stack) -> AsyncIterator[SignUp]:
    """Makes customers."""
    clients: list[httpx.AsyncClient] = []

    async def make() -> Customer:
        client = httpx.AsyncClient(base_url=stack.edge_url, timeout=30)
        clients.append(client)
        credentials = {"email": f"{secrets.token_hex(6)}@example.com", "password": secrets.token_urlsafe(12)}
        registered = await client.post("/api/register", json=credentials)
        assert registered.status_code == 201, registered.text
        await sign_in(client, credentials)
        return Customer(credentials["email"], credentials["password"], client)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[Customer]:
    """The administrator that the first start made."""
    async with httpx.AsyncClient(base_url=stack.edge_url, timeout=30) as client:
        await sign_in(client, {"email": ADMIN_EMAIL, "password": stack.admin_password})
        yield Customer(ADMIN_EMAIL, stack.admin_password, client)


async def sign_in(client: httpx.AsyncClient, credentials: dict[str, str]) -> None:
    """Log in and use the token from now on."""
    answer = await client.post("/api/login", json=credentials)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


_event_names = (f"Evening {n}" for n in range(1, 1000))

PutOn = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def put_on(admin: Customer, stack: Stack, closing_time: AsyncExitStack) -> PutOn:
    """Puts events on sale, in any room, and takes them off in the end."""
    events: list[dict[str, Any]] = []
    headers = {"Authorization": admin.client.headers["Authorization"]}

    async def take_off() -> None:
        async with httpx.AsyncClient(base_url=stack.edge_url, headers=headers, timeout=30) as client:
            for event in events:
                await client.delete(f"/api/events/{event['id']}", params={"force": "true"})

    closing_time.push_async_callback(take_off)

    async def make(**fields: Any) -> dict[str, Any]:
        answer = await admin.post(
            "/events",
            {
                "name": next(_event_names),
                "event_type": "concert",
                "venue": "Aurora Theatre",
                "city": "Berlin",
                "start_time": "2099-12-24T19:30:00Z",
                "base_price": 3000,
                **fields,
            },
        )
        assert answer.status_code == 201, answer.text
        events.append(answer.json())
        return events[-1]

    return make


@pytest.fixture
async def event(put_on: PutOn) -> dict[str, Any]:
    """A fresh event of 60 seats in straight rows, so that tests do not take each other's."""
    return await put_on(template="cinema-small", capacity=60)


@pytest.fixture
async def seat_ids(visitor: httpx.AsyncClient, event: dict[str, Any]) -> list[int]:
    """The event's seats, in the order of its plan."""
    seats = (await visitor.get(f"/api/events/{event['id']}/seats")).json()["seats"]
    return [seat["id"] for seat in seats]


@pytest.fixture(autouse=True)
async def all_parts_running(stack: Stack) -> AsyncIterator[None]:
    """Every test starts with everything up, whatever the one before has killed."""
    await asyncio.to_thread(wait_for_all, stack)
    yield
    await asyncio.to_thread(wait_for_all, stack)


def wait_for_all(stack: Stack) -> None:
    """Wait until every part serves."""
    for name in ("postgres", "redis", "auth", "events", "booking", "booking-2", "booking-3", "edge"):
        stack.wait_until_ready(name)
