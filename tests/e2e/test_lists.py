"""Lists that come late, or not, or are empty."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from devstack.stack import Stack
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import SignUp
from tests.e2e.test_pages import be
from tests.e2e.tickets import buy

pytestmark = needs_chromium

Prepare = Callable[[Page], Awaitable[None]]


async def as_list(page: Page) -> None:
    """Show the seats as a list."""
    await page.get_by_role("button", name="Choose from a list").click()


@dataclass(frozen=True)
class Listing:
    """A list of a page, and how its states are seen."""

    path: str
    asks: str
    waits: str
    """What stands there while the answer is on its way."""
    shows: str
    """What stands there when it has come."""
    nothing: dict[str, Any] | None = None
    """An answer with nothing in it, if the list can be empty."""
    says: str = ""
    """What is said then."""
    look: Prepare | None = None
    """How one comes to see it."""


LISTINGS = {
    "programme": Listing(
        path="/",
        asks="**/api/events/browse*",
        waits="#events [aria-busy=true] .skeleton",
        shows="#events li.card",
        nothing={"items": [], "next_cursor": None},
        says="Nothing is on sale yet",
    ),
    "bookings": Listing(
        path="/bookings.html",
        asks="**/api/my-bookings*",
        waits="#bookings .order-bone",
        shows="#bookings .order",
        nothing={"items": [], "next_cursor": None},
        says="Nothing is coming up",
    ),
    "tickets": Listing(
        path="/ticket.html?order={order}",
        asks="**/api/my-bookings*",
        waits=".ticket-bone",
        shows=".ticket .qr",
        nothing={"items": [], "next_cursor": None},
        says="There is no such order",
    ),
    "showtimes": Listing(
        path="/movie.html?name=Dune%3A%20Part%20Two",
        asks="**/api/events/movie/**",
        waits="text=Loading showtimes…",
        shows=".theater .time-link",
    ),
    "showtimes of an event": Listing(
        path="/event.html?event={film}",
        asks="**/api/events/movie/**",
        waits="#grid .showtimes-bone",
        shows="#grid .time-link",
    ),
    "seats": Listing(
        path="/seats.html?event={event}",
        asks="**/api/events/*/seats",
        waits="text=Looking up what is free…",
        shows=".list button.seat",
        look=as_list,
    ),
    "offers": Listing(
        path="/seats.html?event={event}",
        asks="**/api/best-available",
        waits=".offer-body[aria-busy=true] .waiting",
        shows="button.offer",
        nothing={"offers": []},
        says="There are not 2 places left.",
    ),
}


@pytest.mark.parametrize("name", LISTINGS)
async def test_a_list_says_that_it_waits_why_it_failed_and_that_it_is_empty(
    windows: Windows,
    stack: Stack,
    event: dict[str, Any],
    seat_ids: list[int],
    sign_up: SignUp,
    name: str,
) -> None:
    """Slow, then refused, then asked again with one press; then empty."""
    listing, ann = LISTINGS[name], await sign_up()
    order = await buy(ann, seat_ids[:1])
    [film] = (await ann.get("/events/browse", q="Dune: Part Two", limit=1)).json()["items"]
    path = listing.path.format(event=event["id"], order=order["order_id"], film=film["id"])
    page = await windows.open("/sign-in.html")
    if name == "seats":  # they come by the socket, and over HTTP where that says nothing
        await page.route_web_socket("**/ws/**", lambda _: None)
    answered = asyncio.Event()

    async def refuse(route: Route) -> None:
        await answered.wait()
        await route.fulfill(status=429, json={"title": "Too many requests", "status": 429, "retry_after": 30})

    await page.route(listing.asks, refuse)
    await be(page, ann, stack, path)
    if listing.look:
        await listing.look(page)
    await expect(page.locator(listing.waits).first).to_be_visible()

    answered.set()
    await expect(page.get_by_text("Too many requests just now. Try again in 30 s.").first).to_be_visible()
    await expect(page.locator(listing.waits)).to_have_count(0)
    await page.unroute(listing.asks)
    await page.get_by_role("button", name="Try again").first.click()
    await expect(page.locator(listing.shows).first).to_be_visible()

    if listing.nothing is not None:
        await page.route(listing.asks, lambda route: route.fulfill(json=listing.nothing))
        await page.reload()
        await expect(page.get_by_text(listing.says).first).to_be_visible()
