"""What a page asks for, and in which order: on a slow line that is how long it takes (ADR-0037)."""

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.async_api import Page, Request, Route, WebSocket, expect

from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import SignUp
from tests.e2e.seats_page import SeatsPage

pytestmark = needs_chromium

ABOUT = {
    "/": (("/api/events/browse?limit=60",), "#events li.card"),
    "/event.html?event={event}": (("/api/events/{event}", "/api/events/{event}/seat-plan"), ".prices li"),
    "/seats.html?event={event}": (("/api/events/{event}", "/api/events/{event}/seat-plan"), ".map canvas"),
}
"""What is asked for before a page's modules run, and what the page shows then."""

PAGES = ["/", "/event.html?event={event}", "/movie.html?name=Amélie", "/seats.html?event={event}", "/sign-in.html"]
PAGES += ["/bookings.html", "/ticket.html?order=1", "/account.html", "/admin.html", "/admin-new.html"]

WALKER = re.compile(r"/seat-map/(walker|cursor|keys|mirror|walk)\.js$|/pages/seats-walker-\w+\.js$")
"""Where keys lead: fetched when a map is painted (ADR-0038)."""
LIST = re.compile(r"/pages/seats/list\.js$|/pages/seats-list-\w+\.js$")


async def keep_waiting(page: Page, address: str | re.Pattern[str]) -> Callable[[], None]:
    """Answers of `address` wait until what is returned is called."""
    let_go = asyncio.Event()

    async def wait(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await page.route(address, wait)
    return let_go.set


def _is(address: str, request: Request) -> bool:
    return request.url.endswith(address)


def note_requests(page: Page) -> list[str]:
    """Paths and queries, as they are asked for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(re.sub(r"^https?://[^/]+", "", request.url))

    page.on("request", note)
    return asked


@pytest.mark.parametrize("path", ABOUT)
async def test_a_page_asks_for_what_it_is_about_before_its_modules_run_and_once(
    windows: Windows, event: dict[str, Any], path: str
) -> None:
    addresses, shows = ABOUT[path]
    about = [address.format(event=event["id"]) for address in addresses]
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, re.compile(r"/pages/\w+\.js$"))
    asked = note_requests(page)

    questions = [asyncio.create_task(page.wait_for_event("request", partial(_is, address))) for address in about]
    opening = asyncio.create_task(page.goto(path.format(event=event["id"])))
    await asyncio.gather(*questions)
    let_go()
    await opening

    await expect(page.locator(shows).first).to_be_visible()
    assert [asked.count(address) for address in about] == [1] * len(about)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_loads_the_modules_that_it_names_and_no_others(
    windows: Windows, event: dict[str, Any], path: str
) -> None:
    page = await windows.open("/sign-in.html")
    asked = note_requests(page)

    await page.goto(path.format(event=event["id"]))
    has_map = path.startswith("/seats.html")
    if has_map:
        await page.locator(".mirror").wait_for(state="attached")
    await page.wait_for_load_state("networkidle")

    named = await page.evaluate(
        "() => [...document.querySelectorAll('script[src], link[rel=modulepreload]')]"
        ".map((element) => new URL(element.src ?? element.href).pathname)"
    )
    loaded = [address for address in asked if address.partition("?")[0].endswith(("js", "mjs"))]
    at_leisure = list(filter(WALKER.search, loaded))
    assert len(loaded) >= 3
    assert bool(at_leisure) is has_map
    assert sorted(set(loaded) - set(at_leisure)) == sorted(named)
    assert len(loaded) == len(set(loaded))


async def test_the_map_is_painted_before_where_its_keys_lead_is_there(windows: Windows, event: dict[str, Any]) -> None:
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, WALKER)

    await page.goto(f"/seats.html?event={event['id']}")
    await expect(page.locator("button.offer").first).to_be_enabled()
    assert await page.locator(".mirror").count() == 0
    seats = SeatsPage(page)
    await seats.tap()
    await expect(page.get_by_role("button", name=re.compile("^Sign in to hold"))).to_be_visible()
    let_go()

    await expect(page.locator(".mirror [tabindex='0']")).to_have_count(1)
    await expect(page.locator(".mirror")).to_have_attribute("aria-busy", "false")
    await expect(page.locator(".mirror [aria-selected='true']")).to_have_count(2)


async def test_where_keys_lead_is_fetched_again_when_the_network_is_back(
    windows: Windows, event: dict[str, Any]
) -> None:
    page = await windows.open("/sign-in.html")
    await page.route(WALKER, lambda route: route.abort(), times=1)

    await page.goto(f"/seats.html?event={event['id']}")

    await expect(page.locator(".mirror [tabindex='0']")).to_have_count(1)
    windows.complaints.clear()  # the browser's own line about what was refused


async def test_the_list_is_fetched_when_it_is_asked_for_and_waits_in_words(
    windows: Windows, event: dict[str, Any]
) -> None:
    page = await windows.open("/sign-in.html")
    asked = note_requests(page)
    let_go = await keep_waiting(page, LIST)
    await page.goto(f"/seats.html?event={event['id']}")
    await expect(page.locator("button.offer").first).to_be_enabled()
    assert not list(filter(LIST.search, asked))

    for view in ("Choose from a list", "Map", "Choose from a list"):
        await page.get_by_role("button", name=view, exact=True).click()
    await expect(page.locator(".list").get_by_role("status")).to_be_visible()
    let_go()

    await expect(page.locator(".list button.seat").first).to_be_visible()
    await expect(page.locator(".list .list-controls")).to_have_count(1)
    await expect(page.locator(".list > [role=status]")).to_have_count(0)


async def test_a_list_that_cannot_be_fetched_says_so(windows: Windows, event: dict[str, Any]) -> None:
    page = await windows.open(f"/seats.html?event={event['id']}")
    await expect(page.locator("button.offer").first).to_be_enabled()
    await page.route(LIST, lambda route: route.abort())

    await page.get_by_role("button", name="Choose from a list").click()

    await expect(page.locator(".list").get_by_role("alert")).to_be_visible()
    await page.unroute(LIST)
    await page.locator(".list").get_by_role("button").click()
    await expect(page.locator("button.offer").first).to_be_enabled()
    await SeatsPage(page).show_list()
    await expect(page.locator(".list button.seat").first).to_be_visible()
    windows.complaints.clear()  # the browser's own line about what was refused


async def test_an_event_stands_on_the_page_of_its_seats_before_the_map_is_there(
    windows: Windows, event: dict[str, Any]
) -> None:
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, "**/api/events/*/seat-plan")

    await page.goto(f"/seats.html?event={event['id']}")
    await expect(page.get_by_role("heading", level=1, name=event["name"])).to_be_visible()
    await expect(page.get_by_text("Loading the seat map…")).to_be_visible()
    await expect(page.locator(".basket").get_by_text("2 together are taken")).to_be_visible()
    let_go()

    await expect(page.locator("button.offer").first).to_be_enabled()
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(page.get_by_text("Loading the seat map…")).to_have_count(0)


async def test_what_happens_to_seats_before_the_map_is_there_is_on_it(
    windows: Windows, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ben = await sign_up()
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, "**/api/events/*/seat-plan")
    async with page.expect_websocket() as opened:
        await page.goto(f"/seats.html?event={event['id']}")
    socket = await opened.value
    async with socket.expect_event("framereceived"):
        assert (await ben.post("/hold-seat", {"seat_ids": seat_ids[:2]})).status_code == 201
    let_go()

    await expect(page.locator(".badge.good")).to_be_visible()
    seats = SeatsPage(page)
    await seats.show_list()
    await expect(seats.seat(0)).to_have_attribute("data-look", "held")
    await expect(seats.seat(2)).to_have_attribute("data-look", "available")


async def test_without_a_plan_no_event_takes_the_place_of_the_reason(windows: Windows, event: dict[str, Any]) -> None:
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, f"**/api/events/{event['id']}")
    await page.route("**/seat-plan", lambda route: route.fulfill(status=404, json={"title": "Gone", "status": 404}))
    await page.goto(f"/seats.html?event={event['id']}")
    reason = page.get_by_role("heading", name="This event is not here any more")
    await expect(reason).to_be_visible()

    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    async with page.expect_response(f"**/api/events/{event['id']}"):
        let_go()
    await page.wait_for_load_state("networkidle")

    await expect(reason).to_be_visible()
    for socket in sockets:
        if not socket.is_closed():
            await socket.wait_for_event("close")


async def test_the_first_offers_are_asked_for_before_the_map_is_there_and_once(
    windows: Windows, event: dict[str, Any]
) -> None:
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, "**/api/events/*/seat-plan")
    asked = note_requests(page)

    async with page.expect_response("**/api/best-available"):
        await page.goto(f"/seats.html?event={event['id']}")
    let_go()

    await expect(page.locator("button.offer").first).to_be_enabled()
    assert asked.count("/api/best-available") == 1


async def test_first_offers_that_somebody_else_has_taken_meanwhile_are_not_shown(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    ben = await sign_up()
    page = await windows.open("/sign-in.html")
    let_go = await keep_waiting(page, "**/api/events/*/seat-plan")
    async with page.expect_response("**/api/best-available") as answer:
        await page.goto(f"/seats.html?event={event['id']}")
    [first, *_] = (await (await answer.value).json())["offers"]
    assert (await ben.post("/hold-seat", {"seat_ids": first["seat_ids"]})).status_code == 201

    async with page.expect_response("**/api/best-available") as answer:
        let_go()

    offers = (await (await answer.value).json())["offers"]
    await expect(page.locator("button.offer:enabled")).to_have_count(len(offers))
    assert all(set(first["seat_ids"]).isdisjoint(offer["seat_ids"]) for offer in offers)
