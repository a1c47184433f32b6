"""The organiser's pages: events found, made, painted, changed, taken away, and a sale that is watched as it happens."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, Route, expect

from devstack.stack import Stack
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.test_pages import be
from tests.e2e.tickets import buy

pytestmark = needs_chromium

PAGES = [
    *("/admin.html", "/admin-new.html", "/admin-edit.html?event=1", "/admin-sales.html?event=1"),
    "/admin-door.html?event=1",
]


@pytest.fixture
async def desk(windows: Windows, admin: Customer, stack: Stack) -> Page:
    """A window of somebody who is signed in as an organiser."""
    page = await windows.open("/sign-in.html")
    await be(page, admin, stack, "/admin.html")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your events")
    return page


def number(page: Page, label: str) -> Locator:
    """One of the four numbers of a dashboard."""
    return page.locator(".number", has_text=label)


async def seats_of(customer: Customer, event_id: int) -> list[dict[str, Any]]:
    seats: list[dict[str, Any]] = (await customer.get(f"/events/{event_id}/seats")).json()["seats"]
    return seats


# Who may come in


@pytest.mark.parametrize("path", PAGES)
async def test_a_visitor_is_asked_to_sign_in_and_led_back(windows: Windows, path: str) -> None:
    page = await windows.open(path)

    await expect(page.get_by_role("heading", name="Sign in as an organiser")).to_be_visible()
    await page.get_by_role("main").get_by_role("link", name="Sign in").click()

    await page.wait_for_url(re.compile(r"sign-in\.html\?next=admin"))


@pytest.mark.parametrize("path", PAGES)
async def test_an_ordinary_user_is_told_whom_the_page_is_for(
    windows: Windows, stack: Stack, sign_up: SignUp, path: str
) -> None:
    page = await windows.open("/sign-in.html")

    await be(page, await sign_up(), stack, path)

    await expect(page.get_by_role("heading", name="This page is for organisers")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("link", name="What\u2019s on")).to_be_visible()


@pytest.mark.parametrize("page_name", ["admin-edit", "admin-sales", "admin-door"])
@pytest.mark.parametrize(("query", "words"), [("?event=999999999", "not here"), ("?event=x", "names no event")])
async def test_an_event_that_is_not_there_says_so(desk: Page, page_name: str, query: str, words: str) -> None:
    await desk.goto(f"/{page_name}.html{query}")

    await expect(desk.get_by_role("heading", level=2)).to_have_text(re.compile(words))
    await expect(desk.get_by_role("main").get_by_role("link", name="Your events")).to_be_visible()


async def test_a_session_that_has_ended_leads_to_signing_in(desk: Page) -> None:
    await desk.route("**/api/events/overview*", lambda route: route.fulfill(status=401, json={"title": "Sign in"}))
    await desk.route("**/api/refresh", lambda route: route.fulfill(status=401, json={"title": "Sign in"}))

    await desk.reload()

    await expect(desk.get_by_role("main")).to_contain_text(re.compile("sign in", re.IGNORECASE))


# Making an event


async def to_step(page: Page, name: str, *, kind: str = "Concert", room: str = "Concert hall") -> None:
    """Write a new event, up to its prices."""
    await page.goto("/admin-new.html")
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_text(kind, exact=True).click()
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Venue", exact=True).fill("Aurora Theatre")
    await page.get_by_label("City", exact=True).fill("Berlin")
    await page.get_by_label("Starts").fill("2099-07-01T20:00")
    await page.get_by_label("Time zone of the venue").select_option("Europe/Berlin")
    await expect(page.get_by_text("People are told")).to_contain_text(re.compile("20:00|8:00"))
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_text(room, exact=True).click()
    await expect(page.locator(".room canvas")).to_be_visible()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", name="What does it cost")).to_be_visible()


async def test_from_an_idea_to_the_first_sale_that_ticks_live(desk: Page, sign_up: SignUp) -> None:
    """The organiser's journey: a template, its tiers painted, on sale, and the first sale seen as it happens."""
    name = f"Evening of {uuid4().hex[:6]}"
    await to_step(desk, name)

    # A price less: its places are listed, and no way leads on before they are painted.
    await desk.get_by_role("button", name="Remove the price Gold").click()
    await expect(desk.get_by_text("194 places without a price")).to_be_visible()
    await desk.get_by_role("button", name="Continue").click()
    await expect(desk.get_by_role("alert")).to_contain_text("Some places have no price yet")
    await desk.get_by_role("button", name="Add a price").click()
    band = desk.locator(".band").last
    await band.get_by_label("Name").fill("Near")
    await band.get_by_label("Price", exact=True).fill("120")
    await desk.get_by_role("button", name="Paint them Near").click()
    await expect(desk.get_by_text("Every place has a price.")).to_be_visible()

    # By section, from the list.
    await desk.locator(".section-list summary").click()
    await desk.get_by_label("Choir, 70 places").select_option(label="Near")
    await expect(band).to_contain_text("264 places")
    await desk.reload()
    await expect(desk.locator(".band").last.get_by_label("Name")).to_have_value("Near")
    await desk.get_by_role("button", name="Continue").click()
    await expect(desk.get_by_role("definition").filter(has_text="Near")).to_contain_text("€120")
    await expect(desk.get_by_role("definition").filter(has_text=re.compile("Jul 1, 2099|1 Jul 2099"))).to_be_visible()
    await desk.get_by_role("button", name="Put on sale").click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text(f"{name} is on sale")
    await desk.get_by_role("link", name="Watch its sales").click()

    await expect(desk.get_by_text("Live", exact=True)).to_be_visible()
    await expect(number(desk, "Sold")).to_contain_text("of 1,508 places, 0 %")
    event_id = int(desk.url.split("event=")[1])
    ann, ben = await sign_up(), await sign_up()
    event = (await ann.get(f"/events/{event_id}")).json()
    assert event["start_time"] == "2099-07-01T18:00:00Z"
    assert event["prices"][next(key for key in event["prices"] if key.startswith("band-"))] == 12_000
    near = [seat["id"] for seat in await seats_of(ann, event_id) if seat["price"] == 12_000]
    hold = await ann.post("/hold-seat", {"seat_ids": near[:2]})
    await expect(number(desk, "In baskets").locator("b")).to_have_text("2")
    assert (await ben.post("/hold-seat", {"seat_ids": near[:1]})).status_code == 409
    await ann.post("/confirm-booking", {"hold_id": hold.json()["hold_id"]})

    await expect(number(desk, "Sold").locator("b")).to_have_text("2")
    await expect(number(desk, "In baskets").locator("b")).to_have_text("0")
    await expect(number(desk, "Revenue").locator("b")).to_have_text("€240")
    await expect(number(desk, "Came too late").locator("b")).to_have_text("1")
    await expect(number(desk, "Came too late")).to_contain_text("0 double bookings, by the ledger")
    by_price = desk.get_by_role("group", name="By price")
    await expect(by_price.get_by_role("row", name=re.compile("Near.*€120"))).to_contain_text("2 / 264")
    await expect(desk.get_by_role("list", name="What happens").get_by_role("listitem").first).to_contain_text(
        "2 places sold"
    )
    await expect(desk.get_by_role("img", name=re.compile("2 places sold in the last 24 hours"))).to_be_visible()


async def test_rows_are_painted_by_tapping_the_map_and_a_tap_can_be_taken_back(desk: Page) -> None:
    await to_step(desk, "Small film", kind="Film", room="Cinema, small room")
    standard = desk.locator(".band").last
    await standard.get_by_role("radio").check()
    before = await standard.locator(".band-places").inner_text()
    map_box = await desk.locator(".room canvas").bounding_box()
    assert map_box is not None

    # The last rows are premium; their middle lies low on the map.
    x, y = map_box["x"] + map_box["width"] / 2 - 30, map_box["y"] + map_box["height"] / 2
    for lower in range(0, int(map_box["height"] / 2), 6):
        await desk.mouse.click(x, y + lower)
        if await standard.locator(".band-places").inner_text() != before:
            break

    await expect(standard.locator(".band-places")).not_to_have_text(before)
    await desk.get_by_role("button", name="Undo").click()
    await expect(standard.locator(".band-places")).to_have_text(before)


async def test_a_section_of_a_stadium_is_painted_from_afar(desk: Page) -> None:
    await to_step(desk, "Final", kind="Sports", room="Stadium")
    first = desk.locator(".band").first
    before = await first.locator(".band-places").inner_text()
    map_box = await desk.locator(".room canvas").bounding_box()
    assert map_box is not None

    # The middle of the house, downwards from its upper edge: somewhere there lies a block of another price.
    x = map_box["x"] + map_box["width"] / 2 - 40
    for lower in range(20, int(map_box["height"] / 2), 10):
        await desk.mouse.click(x, map_box["y"] + lower)
        if await first.locator(".band-places").inner_text() != before:
            break

    await expect(first.locator(".band-places")).not_to_have_text(before)


async def test_what_is_missing_stands_beside_its_field_and_later_steps_wait(desk: Page) -> None:
    await desk.goto("/admin-new.html#review")

    await expect(desk.get_by_role("heading", name="What is on?")).to_be_visible()
    await desk.get_by_role("button", name="Continue").click()

    await expect(desk.get_by_role("alert")).to_be_focused()
    await expect(desk.get_by_label("Name", exact=True)).to_have_accessible_description(re.compile("This is needed"))


async def test_a_name_that_the_server_refuses_leads_back_to_its_step(desk: Page) -> None:
    await to_step(desk, "Refused")
    await desk.get_by_role("button", name="Continue").click()
    refusal = {"title": "No", "status": 422, "errors": [{"loc": ["body", "venue"], "msg": "no such venue"}]}
    await desk.route("**/api/events", lambda route: route.fulfill(status=422, json=refusal))

    await desk.get_by_role("button", name="Put on sale").click()

    await expect(desk.get_by_label("Venue", exact=True)).to_have_accessible_description(re.compile("no such venue"))


async def test_an_event_whose_answer_was_lost_is_put_on_sale_once(desk: Page, admin: Customer) -> None:
    name = f"Sent twice {uuid4().hex[:6]}"
    await to_step(desk, name, kind="Film", room="Cinema, small room")
    await desk.get_by_role("button", name="Continue").click()

    async def lose_the_answer(route: Route) -> None:
        """As a proxy does that has waited too long. (What the page repeats by itself is tested with node.)"""
        await route.fetch()
        await route.fulfill(status=408, json={"title": "Too late"})

    await desk.route("**/api/events", lose_the_answer, times=1)
    await desk.get_by_role("button", name="Put on sale").click()
    await expect(desk.get_by_role("alert")).to_be_visible()
    await desk.get_by_role("button", name="Put on sale").click()

    await expect(desk.get_by_role("heading", level=1)).to_have_text(f"{name} is on sale")
    events = (await admin.get("/events/overview", q=name)).json()["items"]
    assert len(events) == 1


# The list, changing, taking away


async def test_events_are_found_and_the_search_stands_in_the_address(desk: Page, event: dict[str, Any]) -> None:
    await desk.get_by_role("searchbox").fill(event["name"])

    await expect(desk.locator(".event-row")).to_have_count(1)
    await expect(desk.locator(".event-row")).to_contain_text("0 of 60 sold")
    await desk.reload()
    await expect(desk.locator(".event-row")).to_have_count(1)
    await desk.get_by_role("button", name="Past").click()
    await expect(desk.get_by_role("heading", name="Nothing matches")).to_be_visible()
    await desk.get_by_role("button", name="Clear the search").click()
    await expect(desk.get_by_role("heading", name="Nothing has been yet")).to_be_visible()


async def test_an_event_is_changed_by_the_clocks_of_its_venue(desk: Page, put_on: PutOn, admin: Customer) -> None:
    event = await put_on(template="cinema-small", capacity=20, time_zone="Asia/Tokyo")
    await desk.goto(f"/admin-edit.html?event={event['id']}")
    await expect(desk.get_by_label("Starts")).to_have_value("2099-12-25T04:30")

    await desk.get_by_role("button", name="Save").click()
    await expect(desk.get_by_text("Nothing was changed.")).to_be_visible()
    await desk.get_by_label("City").fill("Tokyo")
    await desk.get_by_label("Starts").fill("2099-12-25T19:00")
    await desk.get_by_role("button", name="Save").click()

    await expect(desk.get_by_text("Saved.")).to_be_visible()
    changed = (await admin.get(f"/events/{event['id']}")).json()
    assert (changed["city"], changed["start_time"]) == ("Tokyo", "2099-12-25T10:00:00Z")


async def test_deleting_says_what_is_lost_and_what_is_to_be_paid_back(
    desk: Page, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp, admin: Customer
) -> None:
    await desk.goto(f"/admin.html?q={event['name'].replace(' ', '+')}")
    row = desk.locator(".event-row", has_text=event["name"])
    delete = row.get_by_role("button", name=re.compile("^Delete"))
    await delete.click()
    await expect(desk.get_by_role("dialog")).to_contain_text("Nobody has bought a seat")
    await desk.get_by_role("dialog").get_by_role("button", name="Keep it").click()

    # Somebody buys between the list and the press: the second question has the new numbers.
    order = await buy(await sign_up(), seat_ids[:2])
    await delete.click()
    await desk.get_by_role("dialog").get_by_role("button", name="Delete the event").click()
    dialog = desk.get_by_role("dialog")
    await expect(dialog).to_contain_text("2 seats are sold")
    await expect(dialog).to_contain_text(f"€{order['total'] / 100:g}")
    await dialog.get_by_role("button", name="Delete it with its bookings").click()

    await expect(desk.get_by_text("is deleted.")).to_be_visible()
    assert (await admin.get(f"/events/{event['id']}")).status_code == 404


# Watching


async def test_the_list_of_what_happens_waits_while_it_is_read(
    desk: Page, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    await buy(ann, seat_ids[:1])
    await desk.goto(f"/admin-sales.html?event={event['id']}")
    await expect(desk.get_by_text("Live", exact=True)).to_be_visible()
    happenings = desk.get_by_role("list", name="What happens")
    await expect(happenings.get_by_role("listitem")).to_have_count(1)

    await happenings.focus()
    await buy(ann, seat_ids[5:6])
    await expect(desk.get_by_text(re.compile("Paused: [12] new"))).to_be_visible()
    await expect(happenings.get_by_role("listitem")).to_have_count(1)
    await happenings.blur()

    await expect(happenings.get_by_role("listitem").first).to_contain_text("1 place sold")
    await expect(number(desk, "Sold").locator("b")).to_have_text("2")


async def test_an_event_that_is_deleted_meanwhile_says_so(desk: Page, put_on: PutOn, admin: Customer) -> None:
    """And is left: knocking at its socket again would be a complaint of the browser."""
    event = await put_on(template="cinema-small", capacity=20)
    await desk.goto(f"/admin-sales.html?event={event['id']}")
    await expect(desk.get_by_text("Live", exact=True)).to_be_visible()

    await admin.client.delete(f"/api/events/{event['id']}")

    await expect(desk.get_by_role("heading", name="This event is not here any more")).to_be_visible()
