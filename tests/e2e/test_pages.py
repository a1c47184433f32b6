"""The pages around the map: finding an event, its page, tickets, signing in; under the real policy."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from devstack.paths import ROOT
from devstack.stack import Stack
from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, SignUp
from tests.e2e.tickets import buy, signed_in

pytestmark = needs_chromium


async def be(page: Page, customer: Customer, stack: Stack, path: str) -> None:
    """Open `path` as somebody who is signed in."""
    [origin] = (await signed_in(customer, stack))["origins"]
    [kept] = origin["localStorage"]
    await page.evaluate("([name, value]) => localStorage.setItem(name, value)", [kept["name"], kept["value"]])
    await page.goto(path)


# Finding


async def test_what_is_looked_for_stands_in_the_address(windows: Windows) -> None:
    page = await windows.open("/")
    cards = page.locator("#events li.card")
    await expect(cards.first).to_be_visible()
    everything = await cards.count()

    await page.get_by_label("Search", exact=True).fill("spree")
    await page.get_by_text("Concerts", exact=True).click()
    await expect(page).to_have_url(re.compile(r"\?.*q=spree"))
    await expect(page).to_have_url(re.compile(r"event_type=concert"))
    await expect(cards).to_have_count(3)
    await page.reload()
    await expect(cards).to_have_count(3)
    await expect(page.get_by_label("Search", exact=True)).to_have_value("spree")

    await page.get_by_role("button", name="Clear all filters").click()
    await expect(cards).to_have_count(everything)
    await expect(page).to_have_url(re.compile(r"/$"))


async def test_a_tap_chooses_days_and_the_same_tap_takes_them_back(windows: Windows) -> None:
    page = await windows.open("/")
    week = page.get_by_role("button", name="Next 7 days")

    await week.click()
    await expect(week).to_have_attribute("aria-pressed", "true")
    await expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d&to=\d{4}"))

    await week.click()
    await expect(week).to_have_attribute("aria-pressed", "false")
    await expect(page).to_have_url(re.compile(r"/$"))


async def test_nothing_found_says_so_and_offers_the_way_back(windows: Windows) -> None:
    page = await windows.open("/?q=nothing+is+called+that")

    await expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    await page.locator("#events").get_by_role("button", name="Clear all filters").click()

    await expect(page.locator("#events li.card").first).to_be_visible()


async def test_a_list_that_cannot_be_loaded_can_be_asked_for_again(windows: Windows) -> None:
    page = await windows.open("/sign-in.html")
    await page.route("**/api/events/browse*", lambda route: route.fulfill(status=404, json={"title": "Not found"}))
    await page.goto("/")
    await page.get_by_role("button", name="Try again").wait_for()

    await page.unroute("**/api/events/browse*")
    await page.get_by_role("button", name="Try again").click()

    await expect(page.locator("#events li.card").first).to_be_visible()


async def test_the_list_does_not_move_while_it_loads(windows: Windows) -> None:
    page = await windows.open("/sign-in.html")
    await page.add_init_script(
        """
        globalThis.shifts = [];
        new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => shifts.push(value)))
          .observe({ type: "layout-shift", buffered: true });
        """
    )
    await page.goto("/")
    await expect(page.locator("#events li.card").first).to_be_visible()
    await page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    assert await page.evaluate("() => shifts.reduce((sum, value) => sum + value, 0)") < 0.05


async def test_posters_out_of_sight_are_not_laid_out_and_are_found_by_keys(windows: Windows) -> None:
    count = 40
    item = {"event_type": "concert", "venue": "Hall", "city": "Berlin", "start_time": "2030-01-09T19:00:00Z"}
    item |= {"time_zone": "UTC", "image_url": "", "currency": "EUR"}
    items = [{**item, "id": nth, "name": f"Concert {nth}", "price_from": 900} for nth in range(1, count + 1)]
    page = await windows.open("/sign-in.html")
    answer = {"items": items, "next_cursor": None}
    await page.route("**/api/events/browse*", lambda route: route.fulfill(json=answer))
    await page.goto("/")
    cards = page.locator("#events li.card")
    await expect(cards).to_have_count(count)

    laid_out = await page.evaluate(
        "() => new Promise(requestAnimationFrame).then(() => [...document.querySelectorAll('#events li.card h3')]"
        ".filter((title) => title.checkVisibility({ contentVisibilityAuto: true })).length)"
    )
    assert 0 < laid_out < count

    await cards.last.get_by_role("link").focus()
    await expect(cards.last).to_be_in_viewport()


# One event


async def test_an_event_has_a_page_that_leads_to_its_seats(windows: Windows, event: dict[str, Any]) -> None:
    page = await windows.open(f"/event.html?event={event['id']}")

    await expect(page.get_by_role("heading", level=1)).to_have_text(event["name"])
    await expect(page.get_by_text("Aurora Theatre", exact=True)).to_be_visible()
    prices = page.get_by_role("complementary", name="Prices").get_by_role("listitem")
    await expect(prices).to_have_count(len(event["prices"]))
    await expect(prices.last).to_contain_text("€30")
    await page.get_by_role("link", name="Choose seats").click()

    await page.wait_for_url(f"**/seats.html?event={event['id']}")


@pytest.mark.parametrize("address", ["/event.html?event=999999999", "/event.html?event=x", "/event.html"])
async def test_an_event_that_is_not_there_says_so(windows: Windows, address: str) -> None:
    page = await windows.open(address)

    await expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("not here|names no event"))
    await expect(page.get_by_role("main").get_by_role("link", name="What\u2019s on")).to_be_visible()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"status": "closed"}, "not on sale"), ({"start_time": "2020-01-01T19:00:00Z"}, "has begun")],
    ids=["closed", "begun"],
)
async def test_an_event_that_is_not_sold_says_so_and_leads_nowhere(
    windows: Windows, event: dict[str, Any], change: dict[str, str], words: str
) -> None:
    page = await windows.open("/sign-in.html")
    details = f"**/api/events/{event['id']}"
    await page.route(details, lambda route: route.fulfill(json={**event, **change}))

    await page.goto(f"/event.html?event={event['id']}")

    await expect(page.get_by_text(words)).to_be_visible()
    await expect(page.get_by_role("link", name="Choose seats")).to_have_count(0)


# Tickets


async def test_an_order_has_a_ticket_for_each_seat_with_a_code_that_verifies(
    windows: Windows, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:2])
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, "/bookings.html")

    await page.get_by_role("link", name="Show 2 tickets").click()
    await page.wait_for_url("**/ticket.html?order=*")
    cards = page.get_by_role("article")
    await expect(cards).to_have_count(2)

    # What is expected is what the repository's module draws; bundled pages have none of that name.
    await page.route(
        re.compile(r"/(lib|vendor)/[^/]+js$"),
        lambda route: route.fulfill(path=ROOT / "frontend" / urlsplit(route.request.url).path[1:]),
    )
    codes = TicketCodes(stack.folder.secret("jwt_secret"))
    for card, booking in zip(await cards.all(), order["bookings"], strict=True):
        text = await card.locator(".code").inner_text()
        assert codes.verify(text) == Ticket(event_id=event["id"], booking_id=booking["id"])
        # That those dots say this text, tests/frontend/tickets.test.mjs proves with a reader of its own.
        drawn = await card.locator(".qr path").get_attribute("d")
        expected = await page.evaluate(
            "async (code) => (await import('/lib/ticket-code.js')).qrPath(code).path", text.replace(" ", "")
        )
        assert drawn == expected
        await expect(card.get_by_role("term")).to_have_text(["Section", "Row", "Seat", "Date", "Starts", "Price"])


@pytest.mark.parametrize("width", [1280, 390, 320])
async def test_a_code_is_large_enough_for_a_scanner_and_white_in_the_dark(
    browser: Browser, stack: Stack, seat_ids: list[int], sign_up: SignUp, width: int
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:1])
    context = await browser.new_context(
        base_url=stack.edge_url,
        color_scheme="dark",
        viewport={"width": width, "height": 800},
        storage_state=await signed_in(ann, stack),
    )
    page = await context.new_page()
    await page.goto(f"/ticket.html?order={order['order_id']}")

    box = await page.locator(".qr").bounding_box()
    ground = await page.locator(".qr-ground").evaluate("(element) => getComputedStyle(element).fill")
    sideways = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")

    await context.close()
    assert box is not None
    assert min(box["width"], box["height"]) >= 220
    assert ground == "rgb(255, 255, 255)"
    assert sideways <= 0


async def test_a_ticket_goes_into_a_calendar(
    windows: Windows, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp, tmp_path: Path
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:2])
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, f"/ticket.html?order={order['order_id']}")

    async with page.expect_download() as download:
        await page.get_by_role("button", name="Add to calendar").click()
    saved = tmp_path / "event.ics"
    await (await download.value).save_as(saved)

    lines = saved.read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert (await download.value).suggested_filename == f"{event['name'].lower().replace(' ', '-')}.ics"
    assert lines[0] == "BEGIN:VCALENDAR"
    assert {"DTSTART:20991224T193000Z", f"SUMMARY:{event['name']}", "LOCATION:Aurora Theatre\\, Berlin"} <= set(lines)


async def test_on_paper_there_is_one_ticket_to_a_page_and_nothing_else(
    windows: Windows, stack: Stack, seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:3])
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, f"/ticket.html?order={order['order_id']}")
    await expect(page.get_by_role("article")).to_have_count(3)

    await page.emulate_media(media="print")

    for hidden in (
        page.get_by_role("banner"),
        page.get_by_role("contentinfo"),
        page.get_by_role("button", name="Print"),
    ):
        await expect(hidden).to_be_hidden()
    pdf = await page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 3


async def test_a_cancelled_seat_has_no_ticket_and_an_order_without_seats_says_so(
    windows: Windows, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:2])
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, "/bookings.html")

    await page.get_by_role("button", name=re.compile("^Cancel ")).first.click()
    await expect(page.get_by_role("dialog")).to_contain_text("goes back on sale at once")
    await page.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    await expect(page.get_by_text("is cancelled and on sale again")).to_be_visible()
    await page.get_by_role("link", name=re.compile("Show ticket")).click()
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_text("1 seat of this order was cancelled")).to_be_visible()

    await ann.post(f"/cancel-booking/{order['bookings'][0]['id']}")
    await ann.post(f"/cancel-booking/{order['bookings'][1]['id']}")
    await page.reload()
    await expect(page.get_by_role("heading", name="This order was cancelled")).to_be_visible()
    await page.goto("/bookings.html")
    await page.get_by_role("link", name="Cancelled").click()
    await expect(page.get_by_role("article", name=event["name"])).to_be_visible()
    await expect(page).to_have_url(re.compile("show=cancelled"))


async def test_somebody_elses_order_is_not_there(
    windows: Windows, stack: Stack, seat_ids: list[int], sign_up: SignUp
) -> None:
    ann, ben = await sign_up(), await sign_up()
    order = await buy(ann, seat_ids[:1])
    page = await windows.open("/sign-in.html")

    await be(page, ben, stack, f"/ticket.html?order={order['order_id']}")

    await expect(page.get_by_role("heading", name="There is no such order")).to_be_visible()


# Signing in


async def test_what_is_wrong_stands_in_a_list_that_has_the_focus(windows: Windows) -> None:
    page = await windows.open("/sign-in.html?new=1")
    await page.get_by_label("Email").fill("nobody")

    await page.get_by_role("button", name="Create an account").click()

    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(summary.get_by_role("link")).to_have_count(2)
    await summary.get_by_role("link", name="Enter your password.").click()
    await expect(page.get_by_label("Password")).to_be_focused()
    await expect(page.get_by_label("Password")).to_have_accessible_description(re.compile("Enter your password"))


async def test_the_servers_complaints_stand_there_too(windows: Windows) -> None:
    page = await windows.open("/sign-in.html?new=1")
    await page.get_by_label("Email").fill("somebody@example.com")
    await page.get_by_label("Password").fill("password1")

    await page.get_by_role("button", name="Create an account").click()

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")


async def test_a_password_can_be_pasted_shown_and_filled_in_by_a_manager(windows: Windows, sign_up: SignUp) -> None:
    ann = await sign_up()
    page = await windows.open("/sign-in.html?next=account.html")
    password = page.get_by_label("Password")
    await expect(password).to_have_attribute("autocomplete", "current-password")
    await expect(page.get_by_label("Email")).to_have_attribute("autocomplete", "username")
    assert await password.evaluate(
        """(field) => field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true }))"""
    ), "nobody prevents pasting"
    await page.get_by_label("Email").fill(ann.email)
    await password.fill(ann.password)
    await page.get_by_role("button", name="Show what is typed").click()
    await expect(password).to_have_attribute("type", "text")

    await page.get_by_role("button", name="Sign in", exact=True).click()

    await page.wait_for_url("**/account.html")
    await expect(page.get_by_role("definition").filter(has_text=ann.email)).to_be_visible()
    await page.get_by_role("main").get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
