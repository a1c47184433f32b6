"""Every screen in every look (looks.py), and what a look at it does not show: the way of the focus, motion, the
system's own colours, a browser that draws nothing. The whole list, with what is checked by hand: docs/accessibility.md.
"""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from devstack.stack import Stack
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.looks import PHONE, Ready, faults_in_all_looks, faults_of, faults_right_to_left, in_language, looked_at
from tests.e2e.seats_page import SeatsPage
from tests.e2e.tickets import buy, signed_in

pytestmark = needs_chromium

OF_A_VISITOR = {
    "/": "#events li.card",
    "/?q=nothing+is+called+that": "#events .empty",
    "/movie.html?name=Dune%3A%20Part%20Two": ".theater",
    "/movie.html?name=x": ".empty",
    "/event.html?event=1": ".theater",
    "/event.html?event={event}": ".prices li",
    "/event.html": ".empty",
    "/seats.html?event={event}": "button.offer",
    "/seats.html": ".empty",
    "/sign-in.html": "#field-email",
    "/sign-in.html?new=1": "#field-name",
    "/bookings.html": ".empty",
    "/ticket.html": ".empty",
    "/account.html": ".empty",
    "/admin.html": ".empty",
    "/admin-new.html": ".empty",
    "/admin-edit.html?event=1": ".empty",
    "/admin-sales.html?event=1": ".empty",
    "/admin-door.html?event=1": ".empty",
}
"""Pages, and what each shows when it has all it asked for."""
OF_A_BUYER = {
    "/seats.html?event={event}": ".hold-box",
    "/ticket.html?order={order}": ".qr",
    "/bookings.html": ".order",
    "/account.html": ".account dd",
}
OF_AN_ORGANISER = {
    "/admin.html": ".event-row",
    "/admin.html?q=nothing+is+called+that": ".empty",
    "/admin-edit.html?event={event}": "#field-city",
    "/admin-sales.html?event={event}": ".badge.good",
    "/admin-door.html?event={event}": ".door-begin",
}


def shows(selector: str) -> Ready:
    """Waits for something, and for the end of all skeletons."""

    async def ready(page: Page) -> None:
        await page.locator(f"main:not(:has(.bone)) {selector}").first.wait_for()

    return ready


# Every screen in every look


@pytest.mark.parametrize("path", OF_A_VISITOR)
async def test_a_visitors_page_is_fine_in_every_look(
    browser: Browser, stack: Stack, event: dict[str, Any], path: str
) -> None:
    async with looked_at(browser, stack) as page:
        assert await faults_of(page, path.format(event=event["id"]), shows(OF_A_VISITOR[path])) == []


async def test_a_buyers_pages_are_fine_in_every_look(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:3])
    await ann.post(f"/cancel-booking/{order['bookings'][0]['id']}")
    await ann.post("/hold-seat", {"seat_ids": seat_ids[20:22]})
    async with looked_at(browser, stack, storage_state=await signed_in(ann, stack)) as page:
        for path, sign in OF_A_BUYER.items():
            address = path.format(event=event["id"], order=order["order_id"])
            assert await faults_of(page, address, shows(sign)) == []

        # What opens over a page; the menu folds only where there is no room for it.
        await page.goto(in_language("/bookings.html", "en"))
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await page.get_by_role("button", name="Menu").click()
        await page.get_by_role("navigation", name="Main").get_by_role("link", name="My bookings").wait_for()
        assert await faults_in_all_looks(page, only_on_a_phone=True) == []
        await page.reload()
        await page.get_by_role("button", name=re.compile("^Cancel ")).first.click()
        await page.get_by_role("dialog").wait_for()
        assert await faults_in_all_looks(page) == []


async def test_an_organisers_pages_are_fine_in_every_look(
    browser: Browser, stack: Stack, admin: Customer, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    await buy(await sign_up(), seat_ids[:3])
    async with looked_at(browser, stack, storage_state=await signed_in(admin, stack)) as page:
        for path, sign in OF_AN_ORGANISER.items():
            assert await faults_of(page, path.format(event=event["id"]), shows(sign)) == []


async def test_what_is_said_at_the_door_is_fine_in_every_look(
    browser: Browser, stack: Stack, admin: Customer, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """A welcome, a ticket used twice, one that is not genuine, and what is said without a network."""
    ann = await sign_up()
    order = await buy(ann, seat_ids[:1])
    code = (await ann.get(f"/tickets/{order['bookings'][0]['id']}")).json()["code"]
    path = f"/admin-door.html?event={event['id']}"

    async def show(page: Page, text: str, kind: str) -> None:
        await page.locator("[name=code]").fill(text)
        await page.keyboard.press("Enter")
        await page.locator(f".verdict[data-kind={kind}]").wait_for()

    async with looked_at(browser, stack, storage_state=await signed_in(admin, stack)) as page:
        await page.goto(in_language(path, "en"))
        await page.get_by_role("button", name="Go on without it").click()
        faults = await faults_in_all_looks(page)
        for kind, text in (("admitted", code), ("used", code), ("forged", "FR1")):
            await show(page, text, kind)
            faults += [f"{kind}: {fault}" for fault in await faults_in_all_looks(page)]
        await page.route("**/api/check-in*", lambda route: route.abort())
        await show(page, code, "used")
        await page.locator(".door-notices .notice").wait_for()
        faults += [f"without a network: {fault}" for fault in await faults_in_all_looks(page)]
        await page.unroute("**/api/check-in*")

        await page.goto(in_language(path, "ar"))
        await show(page, code, "used")
        faults += [f"right to left: {fault}" for fault in await faults_right_to_left(page)]
    assert faults == []


async def test_every_step_of_a_new_event_is_fine_in_every_look(browser: Browser, stack: Stack, admin: Customer) -> None:
    steps = {"what": "[name=name]", "where": "[name=venue]", "room": ".room canvas", "prices": ".band", "review": "dl"}
    async with looked_at(browser, stack, storage_state=await signed_in(admin, stack)) as page:
        go_on = page.locator("form button[type=submit]")
        await page.goto(in_language("/admin-new.html", "en"))
        await go_on.click()
        await page.get_by_role("alert").wait_for()
        faults = await faults_in_all_looks(page)
        await page.locator("[name=name]").fill("The Night Garden")
        await go_on.click()
        await page.locator("[name=venue]").fill("Aurora Theatre")
        await page.locator("[name=city]").fill("Berlin")
        faults += await faults_in_all_looks(page)
        await go_on.click()
        await page.locator(".room canvas").wait_for()
        faults += await faults_in_all_looks(page)
        await go_on.click()
        await page.locator(".section-list summary").click()
        await page.get_by_role("button", name="Take all paint off").click()
        await page.get_by_text("without a price").first.wait_for()
        faults += await faults_in_all_looks(page)
        await page.get_by_role("button", name="Undo").click()
        await go_on.click()
        await page.get_by_role("heading", name="Ready to go on sale").wait_for()
        faults += await faults_in_all_looks(page)

        # What was written is still there.
        for step, sign in steps.items():
            await page.goto(in_language(f"/admin-new.html#{step}", "ar"))
            await shows(sign)(page)
            faults += [f"{step}, right to left: {fault}" for fault in await faults_right_to_left(page)]
    assert faults == []


@pytest.mark.parametrize("template", ["club", "theater", "cabaret"])
async def test_the_list_of_any_room_is_fine_in_every_look_with_seats_chosen_and_offers_on_show(
    browser: Browser, stack: Stack, put_on: PutOn, template: str
) -> None:
    event = await put_on(template=template)

    async def choose(page: Page) -> None:
        await page.locator(".switch button").nth(1).click()
        if not await page.locator("[data-key=hold]").count():  # chosen in the language before
            await page.locator(".list-area button, .list button.seat").first.click()
        await page.locator("button.offer").first.wait_for()

    async with looked_at(browser, stack) as page:
        assert await faults_of(page, f"/seats.html?event={event['id']}", choose) == []


async def test_the_summary_of_a_form_is_fine_in_every_look(browser: Browser, stack: Stack) -> None:
    async def leave_out(page: Page) -> None:
        await page.locator("form button[type=submit]").click()
        await page.get_by_role("alert").wait_for()

    async with looked_at(browser, stack) as page:
        assert await faults_of(page, "/sign-in.html?new=1", leave_out) == []


# The way of the focus

WHERE_THE_FOCUS_IS = """
async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const has = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const within = [focused];
  while (within.at(-1).parentElement?.closest("label, li, form, .card")) within.push(within.at(-1).parentElement);
  const { left, top, width, height } = focused.getBoundingClientRect();
  const inset = (share, size) => Math.min(Math.max(share * size, 2), size - 2);
  const points = [[0.5, 0], [0, 0.5], [1, 0.5], [0.5, 1], [0.5, 0.5]];
  const isSeen = ([across, down]) => {
    const there = document.elementFromPoint(left + inset(across, width), top + inset(down, height));
    // The cells of the map let everything through to the canvas, which draws their ring.
    if (focused.role === "gridcell") return there?.matches(".map canvas");
    const own = [focused, ...(focused.labels ?? [])];
    return there !== null && (there.contains(focused) || own.some((element) => element.contains(there)));
  };
  return {
    name: (focused.ariaLabel ?? focused.textContent).trim() || focused.id,
    ring: focused.role === "gridcell" || within.some(has),
    seen: points.every(isSeen),
  };
}
"""


async def walk(page: Page, key: str, most: int) -> list[str]:
    """Press a key again and again: what has the focus and no ring, or lies under something."""
    faults = []
    for _ in range(most):
        await page.keyboard.press(key)
        focused = await page.evaluate(WHERE_THE_FOCUS_IS)
        if focused is None:
            break
        faults += [f"{focused['name']} has no {what}" for what in ("ring", "seen") if not focused[what]]
    return faults


@pytest.mark.parametrize("view", ["map", "list"])
async def test_the_focus_is_never_under_the_header_or_the_sheet(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp, view: str
) -> None:
    """On a phone with a keyboard: seats held, so that the sheet at the foot is high. WCAG 2.2, 2.4.7 and 2.4.11."""
    ann = await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    async with looked_at(browser, stack, storage_state=await signed_in(ann, stack)) as page:
        await page.set_viewport_size({"width": 390, "height": 700})
        await page.goto(f"/seats.html?event={event['id']}")
        await page.locator(".hold-box").wait_for()
        await page.get_by_text("Live", exact=True).wait_for()
        if view == "list":
            await page.get_by_role("button", name="Choose from a list").click()
            await page.locator(".list button.seat").first.wait_for()
            await page.evaluate("() => document.activeElement.blur()")

        assert await walk(page, "Tab", 40) + await walk(page, "Shift+Tab", 40) == []


async def test_the_focus_is_never_under_the_header_of_a_long_page(browser: Browser, stack: Stack) -> None:
    async with looked_at(browser, stack) as page:
        await page.set_viewport_size({"width": 390, "height": 700})
        await page.goto("/")
        await page.locator("#events li.card").first.wait_for()

        assert await walk(page, "Tab", 60) + await walk(page, "Shift+Tab", 60) == []


async def test_the_focus_is_never_under_anything_at_the_door(browser: Browser, stack: Stack, admin: Customer) -> None:
    async with looked_at(browser, stack, storage_state=await signed_in(admin, stack)) as page:
        await page.set_viewport_size({"width": 390, "height": 700})
        await page.goto("/admin-door.html?event=1")
        await page.locator(".door-begin").wait_for()
        await page.evaluate("() => document.activeElement.blur()")

        assert await walk(page, "Tab", 30) + await walk(page, "Shift+Tab", 30) == []


# Motion, the system's colours, no drawing at all

MOVES = """
() => document.getAnimations()
  .filter(({ playState, effect }) => playState === "running" && effect.getComputedTiming().duration > 1)
  .map(({ effect }) => effect.target.className)
"""


async def test_nothing_moves_where_that_is_asked_for(browser: Browser, stack: Stack, event: dict[str, Any]) -> None:
    """Seen while offers are on their way, whose places breathe otherwise."""
    async with looked_at(browser, stack) as page:
        await page.route("**/best-available*", lambda _: None)
        await page.goto(f"/seats.html?event={event['id']}")
        await page.locator(".waiting .offer").first.wait_for()

        assert await page.evaluate(MOVES) == []
        await page.emulate_media(reduced_motion="no-preference")
        assert await page.evaluate(MOVES), "the control: something to hold still"


async def test_in_the_systems_colours_state_shows_by_lines(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    border = "(button) => parseFloat(getComputedStyle(button).borderTopWidth)"
    async with looked_at(browser, stack, forced_colors="active", color_scheme="dark") as page:
        await page.goto(f"/seats.html?event={event['id']}")
        offers, ways = page.locator("button.offer"), page.locator(".switch").first.get_by_role("button")
        chip = page.locator("button.chip").first
        await offers.first.click()
        assert await offers.first.evaluate(border) > await offers.nth(1).evaluate(border)
        assert await ways.first.evaluate(border) > await ways.nth(1).evaluate(border)
        before = await chip.evaluate(border)
        await chip.click()
        assert await chip.evaluate(border) > before
        # The map is drawn on the system's ground, and what is one's own in its ink.
        inks = "(map) => map.ownerDocument.defaultView.getComputedStyle(map).getPropertyValue('--ink')"
        assert await page.locator(".map").evaluate(inks) == "CanvasText"

        await page.goto("/")
        kinds = page.locator(".chip:has(input)")
        await kinds.nth(1).click()
        assert await kinds.nth(1).evaluate(border) > await kinds.first.evaluate(border)


async def test_a_whole_purchase_without_canvas_and_styles(
    browser: Browser, stack: Stack, event: dict[str, Any], sign_up: SignUp
) -> None:
    """A browser that draws nothing and knows no style gets the list at once, and the same seats by it."""
    ann = await sign_up()
    context = await browser.new_context(base_url=stack.edge_url, storage_state=await signed_in(ann, stack))
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    await page.route("**/*.css", lambda route: route.abort())

    await page.goto(f"/seats.html?event={event['id']}")
    await page.get_by_role("button", name=re.compile("row C, seat 4, available")).click()
    await page.get_by_role("button", name="Hold 2 seats").click()
    await page.get_by_role("button", name="Confirm booking").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^You.re going"))
    assert len((await ann.get("/my-bookings")).json()["items"]) == 2
    assert errors == []
    await context.close()


async def test_a_password_is_pasted(windows: Windows) -> None:
    """With the keys, not by a script: whatever would prevent it."""
    page = await windows.open("/sign-in.html")
    await page.get_by_label("Email").fill("correct horse battery staple")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.press("ControlOrMeta+X")
    await page.get_by_label("Password").focus()

    await page.keyboard.press("ControlOrMeta+V")

    await expect(page.get_by_label("Password")).to_have_value("correct horse battery staple")


async def test_a_basket_is_the_same_in_another_tab_and_on_the_way_back(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    seats = await SeatsPage.open(windows, event, await sign_up())
    await seats.page.get_by_role("region", name="Best available for 2").get_by_role("button").first.click()
    await seats.hold_button.click()
    await expect(seats.timer).to_be_visible()

    other = await seats.page.context.new_page()
    await other.goto(seats.page.url)
    await expect(SeatsPage(other).timer).to_be_visible()
    await seats.page.goto("/bookings.html")
    await expect(seats.page.get_by_role("link", name="2 seats")).to_be_visible()
    await seats.page.go_back()
    await expect(seats.timer).to_be_visible()
    await other.get_by_role("button", name="Release").click()

    await expect(seats.timer).to_have_count(0)
