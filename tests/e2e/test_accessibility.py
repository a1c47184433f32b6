"""Every page under axe, in light and dark, on a desk and on a phone: no violation of WCAG 2.2 A and AA."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.async_api import Browser, Page

from devstack.stack import Stack
from tests.e2e.browsers import needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.tickets import buy, signed_in

pytestmark = needs_chromium

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = [
    *("/", "/?q=nothing+is+called+that", "/movie.html?name=Dune%3A%20Part%20Two", "/event.html?event=1", "/event.html"),
    *("/sign-in.html", "/sign-in.html?new=1", "/bookings.html", "/ticket.html", "/account.html", "/admin.html"),
    *("/admin-new.html", "/admin-edit.html?event=1", "/admin-sales.html?event=1"),
    "/seats.html",
]
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ON_A_DESK_AND_A_PHONE: tuple[tuple[Scheme, int], ...] = (("light", 1280), ("dark", 390))
"""What is wrong in one scheme at one width is hardly ever right in both of these."""


@asynccontextmanager
async def looked_at(browser: Browser, stack: Stack, scheme: Scheme, width: int, **more: Any) -> AsyncIterator[Page]:
    """A page without the real policy, for axe's own script; the other browser tests run under it."""
    context = await browser.new_context(
        base_url=stack.edge_url,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
        **more,
    )
    yield await context.new_page()
    await context.close()


async def assert_no_violations(page: Page, what: str) -> None:
    await page.get_by_role("heading", level=1).first.wait_for()
    await page.wait_for_load_state("networkidle")

    results = await Axe().run(page, options=RULES)

    assert results.violations_count == 0, f"{what}: {results.generate_report()}"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_no_violations(browser: Browser, stack: Stack, event: dict[str, Any], path: str) -> None:
    if path == "/seats.html":
        path = f"{path}?event={event['id']}"
    for scheme, width in ON_A_DESK_AND_A_PHONE:
        async with looked_at(browser, stack, scheme, width) as page:
            await page.goto(path)
            await assert_no_violations(page, f"{path}, {scheme}, {width} px")


@pytest.mark.parametrize("template", ["club", "theater", "cabaret"])
async def test_the_list_of_any_room_has_no_violations_with_seats_chosen_and_offers_on_show(
    browser: Browser, stack: Stack, put_on: PutOn, template: str
) -> None:
    event = await put_on(template=template)
    for scheme, width in ON_A_DESK_AND_A_PHONE:
        async with looked_at(browser, stack, scheme, width) as page:
            await page.goto(f"/seats.html?event={event['id']}")
            await page.get_by_role("button", name="Choose from a list").click()
            await page.locator(".list-area button, .list button.seat").first.click()
            await page.locator("button.offer").first.wait_for()
            await assert_no_violations(page, f"{template}, {scheme}, {width} px")


async def test_pages_with_bookings_have_no_violations(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:3])
    await ann.post(f"/cancel-booking/{order['bookings'][0]['id']}")
    state = await signed_in(ann, stack)
    for scheme, width in ON_A_DESK_AND_A_PHONE:
        async with looked_at(browser, stack, scheme, width, storage_state=state) as page:
            for path in (f"/ticket.html?order={order['order_id']}", "/bookings.html", "/account.html"):
                await page.goto(path)
                await assert_no_violations(page, f"{path}, {scheme}, {width} px")


async def test_the_summary_of_a_form_has_no_violations(browser: Browser, stack: Stack) -> None:
    for scheme in SCHEMES:
        async with looked_at(browser, stack, scheme, 390) as page:
            await page.goto("/sign-in.html?new=1")
            await page.get_by_role("button", name="Create an account").click()
            await page.get_by_role("alert").wait_for()
            await assert_no_violations(page, scheme)


async def test_the_organisers_pages_have_no_violations(
    browser: Browser, stack: Stack, admin: Customer, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    await buy(await sign_up(), seat_ids[:3])
    state = await signed_in(admin, stack)
    for scheme, width in ON_A_DESK_AND_A_PHONE:
        async with looked_at(browser, stack, scheme, width, storage_state=state) as page:
            for path in (
                "/admin.html",
                "/admin.html?q=nothing+is+called+that",
                f"/admin-edit.html?event={event['id']}",
            ):
                await page.goto(path)
                await page.get_by_role("main").get_by_role("link").first.wait_for()
                await assert_no_violations(page, f"{path}, {scheme}, {width} px")
            await page.goto(f"/admin-sales.html?event={event['id']}")
            await page.get_by_text("Live", exact=True).wait_for()
            await assert_no_violations(page, f"sales, {scheme}, {width} px")


async def test_every_step_of_a_new_event_has_no_violations(browser: Browser, stack: Stack, admin: Customer) -> None:
    state = await signed_in(admin, stack)
    for scheme, width in ON_A_DESK_AND_A_PHONE:
        async with looked_at(browser, stack, scheme, width, storage_state=state) as page:
            await page.goto("/admin-new.html")
            await page.get_by_role("button", name="Continue").click()
            await page.get_by_role("alert").wait_for()
            await assert_no_violations(page, f"what, {scheme}, {width} px")
            await page.get_by_label("Name", exact=True).fill("The Night Garden")
            await page.get_by_role("button", name="Continue").click()
            await page.get_by_label("Venue", exact=True).fill("Aurora Theatre")
            await page.get_by_label("City", exact=True).fill("Berlin")
            await assert_no_violations(page, f"where, {scheme}, {width} px")
            await page.get_by_role("button", name="Continue").click()
            await page.locator(".room canvas").wait_for()
            await assert_no_violations(page, f"room, {scheme}, {width} px")
            await page.get_by_role("button", name="Continue").click()
            await page.locator(".section-list summary").click()
            await page.get_by_role("button", name="Take all paint off").click()
            await page.get_by_text("without a price").first.wait_for()
            await assert_no_violations(page, f"prices, {scheme}, {width} px")
            await page.get_by_role("button", name="Undo").click()
            await page.get_by_role("button", name="Continue").click()
            await page.get_by_role("heading", name="Ready to go on sale").wait_for()
            await assert_no_violations(page, f"review, {scheme}, {width} px")
