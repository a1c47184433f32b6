"""The basket, whatever happens to the page: reloading, the way back, a second tab, an ended sign-in, a wrong clock."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from devstack.stack import Stack
from tests.e2e.browsers import ARGUMENTS, CHROMIUM, Windows, needs_chromium
from tests.e2e.conftest import PutOn, SignUp
from tests.e2e.seats_page import FULL_TIME, SeatsPage, on_list, sign_in
from tests.e2e.test_pages import be
from tests.e2e.tickets import held_by, signed_in

pytestmark = needs_chromium

GOING = re.compile("^You.re going")
PAGES_OF_A_BUYER = [
    *("/", "/event.html?event={event}", "/movie.html?name=Dune%3A%20Part%20Two", "/bookings.html", "/ticket.html"),
    *("/account.html", "/sign-in.html", "/seats.html?event={event}"),
]


async def test_what_is_held_stands_on_every_page_and_outlives_reloading(
    windows: Windows, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, "/")
    pill = page.get_by_role("link", name="2 seats held for you. Go to them.")

    for path in PAGES_OF_A_BUYER:
        await page.goto(path.format(event=event["id"]), wait_until="commit")
        await expect(pill).to_contain_text(re.compile(r"2 seats · (5:00|4:\d\d)"))

    await page.reload()
    await expect(page.get_by_role("timer")).to_have_text(FULL_TIME)
    await page.goto("/bookings.html")
    await pill.click()
    await expect(page.get_by_role("timer")).to_have_text(FULL_TIME)


async def test_back_and_forward_find_the_basket_as_it_is_now(
    stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """From the back/forward cache, which Playwright turns off in the browser of the other tests: the page that is left
    is frozen, and wakes up with what it knew. Meanwhile a hold has been made, and a seat has gone.
    """
    ann, ben = await sign_up(), await sign_up()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        context = await browser.new_context(base_url=stack.edge_url, storage_state=await signed_in(ann, stack))
        page = await context.new_page()
        await page.goto(f"/seats.html?event={event['id']}")
        seats = SeatsPage(page)
        await seats.show_list()
        await seats.seat(10).click()
        await page.evaluate("() => addEventListener('pageshow', (event) => (globalThis.wokeUp = event.persisted))")
        await page.goto("/bookings.html")
        await expect(page.get_by_role("heading", name="Nothing is coming up")).to_be_visible()
        await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
        await ben.post("/hold-seat", {"seat_id": seat_ids[30]})

        await page.go_back(wait_until="commit")
        assert await page.evaluate("() => globalThis.wokeUp") is True
        await expect(on_list(page, "mine")).to_have_count(2)
        await expect(on_list(page, "chosen")).to_have_count(2)
        await expect(seats.seat(30)).to_have_attribute("data-look", "held")
        await expect(seats.timer).to_have_text(FULL_TIME)
        await page.go_forward(wait_until="commit")
        await expect(page.locator("#hold-pill")).to_contain_text("2 seats")
        await browser.close()


async def test_a_second_tab_has_the_same_basket_and_is_told_what_the_first_did(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    ann = await sign_up()
    one = await SeatsPage.open(windows, event, ann)
    other = SeatsPage(await one.page.context.new_page())
    await other.page.goto(f"/seats.html?event={event['id']}")
    await expect(other.page.get_by_text("Live", exact=True)).to_be_visible()

    await one.page.get_by_role("button", name=re.compile("^Take ")).click()
    await expect(other.timer).to_have_text(FULL_TIME)
    await other.page.get_by_role("button", name="Confirm booking").click()

    await expect(other.page.get_by_role("heading", level=1)).to_have_text(GOING)
    await expect(
        one.page.get_by_text(re.compile("You booked or released them in another window")).first
    ).to_be_visible()
    await expect(one.timer).to_have_count(0)
    await expect(one.refusal).to_have_count(0)


async def test_a_sign_in_that_ends_is_renewed_and_one_that_cannot_be_loses_nothing(
    windows: Windows, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """First the half hour of a token is over: nobody notices. Then the session itself is ended, on another device."""
    ann = await sign_up()
    seats = await SeatsPage.open(windows, event, ann)
    page = seats.page
    break_token = """
        () => {
          const session = JSON.parse(localStorage.getItem("frontrow.session"));
          localStorage.setItem("frontrow.session", JSON.stringify({ ...session, access_token: "it is over" }));
          return session;
        }
    """
    await page.evaluate(break_token)
    await page.get_by_role("button", name=re.compile("^Take ")).click()
    await expect(seats.timer).to_have_text(FULL_TIME)
    await seats.show_list()
    await seats.seat(30).click()
    await expect(on_list(page, "chosen")).to_have_count(2)

    session = await page.evaluate(break_token)
    answer = await ann.client.post("/api/logout", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert answer.status_code < 300
    await page.get_by_role("button", name="Confirm booking").click()
    told = page.locator(".notices", has_text="You are signed out. Your seats stay held until their time is up")
    await expect(told).to_be_visible()
    await expect(on_list(page, "chosen")).to_have_count(2)
    assert len(await held_by(ann)) == 1
    await told.get_by_role("button", name="Sign in").click()
    await sign_in(page, ann)

    await expect(seats.timer).to_have_text(FULL_TIME)
    await expect(page.get_by_role("button", name="Hold 2 seats")).to_be_visible()
    await page.get_by_role("button", name="Confirm booking").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_an_hour_off_changes_nothing(
    windows: Windows, stack: Stack, put_on: PutOn, sign_up: SignUp, hours: int
) -> None:
    """What begins in half an hour is on sale, whatever the visitor's clock says; and a hold has its five minutes."""
    ann = await sign_up()
    soon = datetime.now(UTC) + timedelta(minutes=30)
    event = await put_on(template="cinema-small", capacity=20, start_time=soon.isoformat())
    page = await windows.open("/sign-in.html")
    await page.add_init_script(
        f"""
        globalThis.Date = class extends Date {{
          constructor(...parts) {{
            super(...(parts.length ? parts : [Date.now()]));
          }}
          static now() {{
            return super.now() + {hours} * 3_600_000;
          }}
        }};
        """
    )
    await be(page, ann, stack, f"/event.html?event={event['id']}")
    off = await page.evaluate("() => Date.now()") / 1000 - datetime.now(UTC).timestamp()
    assert round(off / 3600) == hours

    await page.get_by_role("link", name="Choose seats").click()
    await page.get_by_role("button", name=re.compile("^Take ")).click()

    await expect(page.get_by_role("timer")).to_have_text(FULL_TIME)
