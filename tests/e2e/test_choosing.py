"""Ways to two seats, in a real Chromium: a tap, the keyboard alone, the list alone, an offer. And what happens to those
who come too late.
"""

import re
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.seats_page import SeatsPage, sign_in

pytestmark = needs_chromium

GOING = re.compile("^You.re going")
BEFORE_THE_MAP = (
    "it => Boolean(it.compareDocumentPosition(document.querySelector('.map')) & Node.DOCUMENT_POSITION_FOLLOWING)"
)


async def booked(customer: Customer) -> list[str]:
    """The numbers of the seats somebody has bought."""
    items = (await customer.get("/my-bookings")).json()["items"]
    return [item["seat"]["seat_number"] for item in items]


async def focus(page: Page, name: str | re.Pattern[str], most: int = 60) -> None:
    """Press Tab until a control of this name has the focus."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "(e => (e.getAttribute('aria-label') ?? e.textContent).trim() || e.id)(document.activeElement)"
        )
        if re.search(name, focused):
            return
    raise AssertionError(f"{name} was not reached")


async def test_a_pair_in_four_actions(windows: Windows, event: dict[str, Any], sign_up: SignUp) -> None:
    """Two are suggested: open, tap, hold, confirm."""
    ann = await sign_up()
    seats = await SeatsPage.open(windows, event, ann)

    await seats.tap()
    await seats.page.get_by_role("button", name="Hold 2 seats").click()
    await seats.page.get_by_role("button", name="Confirm booking").click()

    await expect(seats.page.get_by_role("heading", level=1)).to_have_text(GOING)
    assert len(await booked(ann)) == 2


async def test_an_offer_is_chosen_with_one_press_and_held_with_another(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    seats = await SeatsPage.open(windows, event, await sign_up())
    offers = seats.page.get_by_role("region", name="Best available for 3").get_by_role("button")
    await seats.page.get_by_role("group", name="How many together?").get_by_role("button", name="One more").click()
    await expect(offers.first).to_contain_text("Side by side")

    await offers.first.click()
    await expect(offers.first).to_have_attribute("aria-pressed", "true")
    await seats.page.get_by_role("button", name="Hold 3 seats").click()

    await expect(seats.timer).to_be_visible()
    await expect(offers.first).to_have_attribute("aria-pressed", "false")


async def test_offers_follow_the_prices_that_are_chosen(windows: Windows, event: dict[str, Any]) -> None:
    seats = await SeatsPage.open(windows, event)
    offers = seats.page.get_by_role("region", name="Best available for 2").get_by_role("button")
    await expect(offers.first).to_be_visible()
    chips = seats.page.get_by_role("group", name="Show only").get_by_role("button")
    cheapest = chips.filter(has_text=re.compile("€30$"))

    await cheapest.click()

    await expect(offers.first).to_contain_text("€60")


async def test_a_whole_purchase_with_the_keyboard_on_the_map(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    """From the address to the ticket, signing in on the way, without a pointer."""
    ann = await sign_up()
    page = (await SeatsPage.open(windows, event)).page
    keys = page.keyboard

    await focus(page, "Choose from a list")
    await focus(page, "seat|left")
    if not await page.evaluate("document.activeElement.ariaSelected"):  # from afar its cells are sections
        await keys.press("Enter")
    await keys.press("n")
    await expect(page.locator("[role=gridcell]:focus")).to_have_attribute("aria-label", re.compile("seat .*available"))
    await keys.press("ArrowRight")
    await keys.press("Space")
    await expect(page.locator("[role=gridcell]:focus")).to_have_attribute("aria-selected", "true")
    await focus(page, "Sign in to hold 2 seats")
    await keys.press("Enter")

    await page.wait_for_url("**/sign-in.html?next=*")
    await page.get_by_label("Email").wait_for()
    await focus(page, "field-email")
    await keys.type(ann.email)
    await keys.press("Tab")
    await keys.type(ann.password)
    await keys.press("Enter")

    await page.wait_for_url("**/seats.html?event=*")
    await expect(page.get_by_role("timer")).to_be_visible()
    await focus(page, "Confirm booking")
    await keys.press("Enter")

    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)
    assert len(await booked(ann)) == 2


async def test_a_whole_purchase_from_the_list(windows: Windows, event: dict[str, Any], sign_up: SignUp) -> None:
    """Section, row, seat; the same party, the same basket. The way to it comes before the map."""
    ann = await sign_up()
    seats = await SeatsPage.open(windows, event)
    page = seats.page
    assert await page.get_by_role("button", name="Choose from a list").evaluate(BEFORE_THE_MAP)

    await seats.show_list()
    await page.get_by_label("Section", exact=True).select_option(index=0)
    await page.get_by_label("Row", exact=True).select_option(index=2)
    await page.get_by_label("Only available seats").check()
    await seats.seats.first.click()
    await expect(page.locator('.list button.seat[aria-pressed="true"]')).to_have_count(2)
    await page.get_by_role("button", name="Sign in to hold 2 seats").click()
    await sign_in(page, ann)
    await page.get_by_role("button", name="Confirm booking").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)
    assert len(await booked(ann)) == 2


async def test_who_comes_too_late_is_told_and_takes_the_seats_beside_with_one_press(
    windows: Windows, event: dict[str, Any], sign_up: SignUp, seat_ids: list[int]
) -> None:
    """The map does not hear of it in time: its socket says nothing, so that the server has to."""
    ann, ben = await sign_up(), await sign_up()
    page = await windows.open("/")
    await page.route_web_socket("**/ws/**", lambda _: None)
    await page.goto(f"/sign-in.html?next=seats.html?event={event['id']}")
    await sign_in(page, ann)
    seats = SeatsPage(page)
    await seats.show_list()
    await seats.seat(10).click()
    await ben.post("/hold-seat", {"seat_id": seat_ids[10]})

    await seats.hold_button.click()
    await expect(seats.refusal).to_contain_text("somebody else got")
    await expect(seats.refusal).to_contain_text("€")
    await seats.refusal.get_by_role("button", name="Take these").click()

    await expect(seats.timer).to_be_visible()
    mine = (await ann.get("/my-holds")).json()["items"]
    assert [len(hold["seats"]) for hold in mine] == [2]


async def test_seats_that_go_while_they_are_chosen_are_made_good(
    windows: Windows, event: dict[str, Any], sign_up: SignUp, seat_ids: list[int]
) -> None:
    ben = await sign_up()
    seats = await SeatsPage.open(windows, event)
    await seats.show_list()
    await seats.seat(10).click()

    await ben.post("/hold-seat", {"seat_id": seat_ids[10]})
    await expect(seats.refusal).to_contain_text("just went to somebody else")
    await seats.refusal.get_by_role("button", name="Choose these instead").click()

    await expect(seats.page.locator('.list button.seat[aria-pressed="true"]')).to_have_count(2)
    await expect(seats.seat(10)).to_have_attribute("aria-pressed", "false")


async def test_a_seat_left_alone_is_warned_of_and_never_forbidden(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    seats = await SeatsPage.open(windows, event, await sign_up())
    await seats.show_list()
    await seats.page.get_by_role("group", name="How many together?").get_by_role("button", name="One fewer").click()

    await seats.seat(10).click()
    await expect(seats.page.locator(".hint")).to_contain_text("left on its own")
    await seats.hold_button.click()

    await expect(seats.timer).to_be_visible()


async def test_other_peoples_business_is_not_announced(
    windows: Windows, event: dict[str, Any], sign_up: SignUp, seat_ids: list[int]
) -> None:
    ben = await sign_up()
    seats = await SeatsPage.open(windows, event)
    await seats.show_list()
    said = await seats.page.locator("#voice").inner_text()

    await ben.post("/hold-seat", {"seat_ids": seat_ids[:4]})

    await expect(seats.seat(3)).to_have_attribute("data-look", "held")
    assert await seats.page.locator("#voice").inner_text() == said
    await expect(seats.refusal).to_have_count(0)


async def test_standing_places_are_chosen_by_number_and_held_in_one_call(
    windows: Windows, put_on: PutOn, sign_up: SignUp
) -> None:
    ann = await sign_up()
    club = await put_on(template="club", capacity=60)
    seats = await SeatsPage.open(windows, club, ann)
    page = seats.page
    await page.get_by_role("button", name="Choose from a list").click()

    await page.get_by_role("button", name="Choose places").click()
    await page.get_by_role("group", name="Places in Floor").get_by_role("button", name="One more").click()
    await page.get_by_role("button", name="Hold 3 places").click()

    await expect(seats.timer).to_be_visible()
    await expect(page.locator(".basket .lines")).to_contain_text("Floor · 3")
    held = (await ann.get("/my-holds")).json()["items"][0]["seats"]
    assert len({seat["seat_number"] for seat in held}) == 3


async def test_a_whole_table_is_one_place_for_several_people(windows: Windows, put_on: PutOn, sign_up: SignUp) -> None:
    ann = await sign_up()
    seats = await SeatsPage.open(windows, await put_on(template="cabaret"), ann)
    await seats.show_list()

    table = seats.page.get_by_role("button", name=re.compile("table T2, for 4 people, available, .* for the table"))
    await table.click()
    await seats.page.get_by_role("button", name="Hold 1 table").click()
    await seats.page.get_by_role("button", name="Confirm booking").click()

    await expect(seats.page.get_by_role("heading", level=1)).to_have_text(GOING)
    assert len(await booked(ann)) == 1


async def test_a_house_with_several_floors_shows_one_at_a_time(windows: Windows, put_on: PutOn) -> None:
    seats = await SeatsPage.open(windows, await put_on(template="theater", capacity=200))
    floors = seats.page.get_by_role("group", name="Floor")

    await floors.get_by_role("button", name="Balcony").click()
    await seats.tap()

    await expect(seats.page.locator(".basket .lines")).to_contain_text("Balcony")


async def test_the_list_of_a_stadium_is_short(windows: Windows, put_on: PutOn) -> None:
    """50,000 seats, step by step: a section, then a row, never all of them at once."""
    stadium = await put_on(template="stadium")
    seats = await SeatsPage.open(windows, stadium)

    await seats.show_list()
    sections = seats.page.get_by_label("Section", exact=True)
    await sections.select_option(index=await sections.locator("option").count() - 1)
    await seats.seats.first.click()

    await expect(seats.page.locator(".basket .lines")).to_contain_text("Row")
    assert await seats.page.locator("*").count() < 3_000
