"""Journey 10, the door, in a real Chromium: five answers with and without a network, by hand and by camera; nobody is
let in twice, and nobody who was let in is lost.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Dialog, Page, Route, async_playwright, expect

from devstack.stack import Stack
from tests.e2e.browsers import ARGUMENTS, CHROMIUM, Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.fake_camera import film_of
from tests.e2e.test_pages import be
from tests.e2e.tickets import buy, signed_in

pytestmark = needs_chromium

CHECK_IN = "**/api/check-in"
ANYTHING_OF_THE_DOOR = re.compile(r"/api/check-in")

NOTE_TONES = """
globalThis.tones = [];
globalThis.OscillatorNode = class extends OscillatorNode {
  constructor(context, options) {
    super(context, options);
    tones.push(options.frequency);
  }
};
"""


@dataclass
class House:
    """An event with tickets sold: codes of two good ones, of one that was cancelled, and of one for another event."""

    event: dict[str, Any]
    buyer: Customer
    order_id: str
    good: str
    next: str
    cancelled: str
    elsewhere: str

    @property
    def forged(self) -> str:
        """A good one with another seal."""
        last = "A" if self.good[-4] != "A" else "B"
        return self.good[:-4] + last + self.good[-3:]

    @property
    def path(self) -> str:
        """Of its door."""
        return f"/admin-door.html?event={self.event['id']}"


async def codes_of(customer: Customer, order: dict[str, Any]) -> list[str]:
    tickets = [await customer.get(f"/tickets/{booking['id']}") for booking in order["bookings"]]
    return [ticket.json()["code"] for ticket in tickets]


@pytest.fixture
async def house(event: dict[str, Any], seat_ids: list[int], put_on: PutOn, sign_up: SignUp) -> House:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:3])
    good, following, cancelled = await codes_of(ann, order)
    await ann.post(f"/cancel-booking/{order['bookings'][2]['id']}")
    other_event = await put_on(name="The Matinee", template="cinema-small", capacity=60)
    other_seats = (await ann.get(f"/events/{other_event['id']}/seats")).json()["seats"]
    [elsewhere] = await codes_of(ann, await buy(ann, [other_seats[0]["id"]]))
    return House(event, ann, order["order_id"], good, following, cancelled, elsewhere)


@pytest.fixture
async def door(windows: Windows, admin: Customer, stack: Stack, house: House) -> Page:
    """The door of an organiser who has a keyboard and no camera."""
    page = await windows.open("/sign-in.html")
    await page.add_init_script(NOTE_TONES)
    await be(page, admin, stack, house.path)
    await expect(page.get_by_role("heading", level=1)).to_have_text(house.event["name"])
    return page


@asynccontextmanager
async def scanner(
    browser: Browser, admin: Customer, stack: Stack, house: House, gate: str = "North"
) -> AsyncIterator[Page]:
    """Not one of `windows`: a browser complains of requests without a network, which here there must be."""
    context = await browser.new_context(
        base_url=stack.edge_url,
        viewport={"width": 1280, "height": 800},
        storage_state=await signed_in(admin, stack),
    )
    page = await context.new_page()
    async with page.expect_response("**/tickets"):
        await page.goto(house.path)
    await name_the_door(page, gate)
    yield page
    await context.close()


async def name_the_door(page: Page, gate: str) -> None:
    await page.get_by_label("Name of this door").fill(gate)
    await page.get_by_role("button", name="Go on without it").click()


async def show(page: Page, code: str) -> None:
    """Type a code, as a hand scanner does."""
    await page.get_by_label("Code of a ticket").fill(code)
    await page.keyboard.press("Enter")


async def expect_verdict(page: Page, kind: str, *words: str) -> None:
    """What is shown large, and what is said to those who do not see it."""
    verdict = page.locator(".verdict")
    await expect(verdict).to_have_attribute("data-kind", kind)
    for word in words:
        await expect(verdict).to_contain_text(word)
    await expect(page.locator("#alarm")).to_contain_text(words[0])


async def told_at_the_door(admin: Customer, house: House) -> dict[str, Any]:
    """What the server knows."""
    answer: dict[str, Any] = (await admin.get(f"/check-in/{house.event['id']}")).json()
    return answer


async def let_in(admin: Customer, house: House, code: str, gate: str) -> None:
    """At another door, with a network."""
    body = {"code": code, "event_id": house.event["id"], "gate": gate}
    assert (await admin.post("/check-in", body)).status_code == 200


# With a network


async def test_10_the_door_has_five_answers_to_be_seen_read_and_heard(door: Page, house: House) -> None:
    await name_the_door(door, "North entrance")
    await show(door, house.good)
    await expect_verdict(door, "admitted", "Admitted", "Section", "Row", "Seat")
    await expect(door.locator(".door-count")).to_contain_text("1 of 2")
    assert await door.evaluate("tones.splice(0)") == [880, 1320]

    await show(door, house.good)
    await expect_verdict(door, "used", "Already used", "since ", "at North entrance")
    assert re.search(r"since \d?\d:\d\d", await door.locator(".verdict-reason").inner_text())
    assert await door.evaluate("tones.splice(0)") == [165]

    await show(door, house.elsewhere)
    await expect_verdict(door, "other", "Another event", "The Matinee", "Dec 24, 2099")
    await show(door, house.cancelled)
    await expect_verdict(door, "cancelled", "Cancelled")
    await show(door, house.forged)
    await expect_verdict(door, "forged", "Not genuine", "not made here")
    await show(door, "https://example.com/menu")
    await expect_verdict(door, "forged", "Not genuine")
    assert await door.evaluate("tones.splice(0)") == [165] * 4

    # Shape and colour, each of its own.
    grounds, shapes = set(), set()
    for line in await door.locator(".door-last li").all():
        grounds.add(await line.locator(".shape").evaluate("(shape) => getComputedStyle(shape).fill"))
        shapes.add(await line.locator(".shape").get_attribute("d"))
    assert len(grounds) == len(shapes) == 4, "the last five, of which two are forged"


async def test_a_hand_scanner_types_wherever_the_focus_is_and_the_keyboard_is_enough(
    door: Page, house: House, admin: Customer
) -> None:
    await expect(door.get_by_label("Code of a ticket")).to_be_focused()
    await door.keyboard.press("Tab")
    await expect(door.get_by_role("button", name="Check")).to_be_focused()

    await door.keyboard.type(f"{house.good[:4]}-{house.good[4:9]} {house.good[9:]}".lower())
    await door.keyboard.press("Enter")

    await expect_verdict(door, "admitted", "Admitted")
    await expect(door.get_by_label("Code of a ticket")).to_be_focused()
    await expect(door.get_by_label("Code of a ticket")).to_have_value("")
    await door.keyboard.type(house.next)
    await door.keyboard.press("Enter")
    await expect(door.locator(".door-count")).to_contain_text("2 of 2")
    assert (await told_at_the_door(admin, house))["admitted"] == 2


async def test_a_door_is_named_once_and_silenced_until_it_is_told_otherwise(door: Page, house: House) -> None:
    await name_the_door(door, "Balcony")
    await door.get_by_role("button", name="Sound").click()

    await door.reload()

    await expect(door.get_by_label("Name of this door")).to_have_value("Balcony")
    await expect(door.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
    await show(door, house.good)
    await expect_verdict(door, "admitted", "Admitted")
    assert await door.evaluate("tones") == []


async def test_an_event_that_is_deleted_closes_its_door(
    browser: Browser, admin: Customer, stack: Stack, house: House
) -> None:
    async with scanner(browser, admin, stack, house) as page:
        await admin.client.delete(f"/api/events/{house.event['id']}", params={"force": "true"})
        await page.evaluate("() => dispatchEvent(new Event('online'))")  # sooner than in ten seconds

        await expect(page.get_by_role("heading", level=2)).to_have_text("This door cannot be open any more")


# Without one


async def test_10_without_a_network_the_list_has_the_same_five_answers(
    browser: Browser, admin: Customer, stack: Stack, house: House
) -> None:
    async with scanner(browser, admin, stack, house) as page:
        await page.context.set_offline(True)

        await show(page, house.good)
        await expect_verdict(page, "admitted", "Admitted", "Without a network, by the list of ")
        await show(page, house.good)
        await expect_verdict(page, "used", "Already used", "at North")
        await show(page, house.elsewhere)
        await expect_verdict(page, "other", "Another event", "Which one cannot be told")
        await show(page, house.cancelled)
        await expect_verdict(page, "cancelled", "Cancelled")
        await show(page, house.forged)
        await expect_verdict(page, "forged", "Not genuine", "Not on the list")
        await expect(page.locator(".door-notices")).to_contain_text("No network since")
        await expect(page.locator(".door-notices")).to_contain_text("1 admission waits")
        await expect(page.locator(".door-count")).to_contain_text("1 of 2")

        await page.context.set_offline(False)

        await expect(page.locator(".door-notices")).to_be_empty()
        await expect(page.locator(".door-count")).to_contain_text("1 of 2")
        known = await told_at_the_door(admin, house)
        assert (known["admitted"], known["double_entries"]) == (1, [])
        await show(page, house.good)
        await expect_verdict(page, "used", "Already used", "at North")


async def test_10_two_doors_without_each_other_let_one_ticket_in_and_it_is_told_afterwards(
    browser: Browser, admin: Customer, stack: Stack, house: House
) -> None:
    """The queue outlives the page: it is loaded again before the server hears of it, against the browser's advice."""
    async with scanner(browser, admin, stack, house) as page:
        asked: list[str] = []

        async def leave_all_the_same(dialog: Dialog) -> None:
            asked.append(dialog.type)
            await dialog.accept()

        page.on("dialog", leave_all_the_same)
        await page.route(ANYTHING_OF_THE_DOOR, lambda route: route.abort())
        await show(page, house.good)
        await expect_verdict(page, "admitted", "Admitted")
        await let_in(admin, house, house.good, "South")
        await page.reload()
        await page.get_by_role("button", name="Try again").wait_for()
        assert asked == ["beforeunload"]

        await page.unroute(ANYTHING_OF_THE_DOOR)
        await page.get_by_role("button", name="Try again").click()

        doubles = page.get_by_role("region", name="Double entries").get_by_role("listitem")
        await expect(doubles).to_have_count(1)
        await expect(doubles).to_contain_text("First: South, ")
        await expect(doubles).to_contain_text("Again: North, ")
        await expect(page.locator(".door-notices")).to_be_empty()
        await expect(page.locator(".door-count")).to_contain_text("1 of 2")


async def test_a_server_that_is_silent_for_three_seconds_is_not_waited_for(
    browser: Browser, admin: Customer, stack: Stack, house: House
) -> None:
    async with scanner(browser, admin, stack, house) as page:
        asked: list[Route] = []
        await page.route(CHECK_IN, lambda route: asked.append(route))

        await show(page, house.good)

        await expect_verdict(page, "admitted", "Admitted", "Without a network")
        assert len(asked) == 1


async def test_an_answer_that_was_lost_on_the_way_does_not_count_as_a_second_entry(
    browser: Browser, admin: Customer, stack: Stack, house: House
) -> None:
    async with scanner(browser, admin, stack, house) as page:

        async def lose(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route(CHECK_IN, lose)
        await show(page, house.good)
        await expect_verdict(page, "admitted", "Admitted", "Without a network")
        assert (await told_at_the_door(admin, house))["admitted"] == 1

        await page.unroute(CHECK_IN)

        await expect(page.locator(".door-notices")).to_be_empty()
        known = await told_at_the_door(admin, house)
        assert (known["admitted"], known["double_entries"]) == (1, [])


async def test_a_sign_in_that_ends_keeps_the_door_open_and_loses_nobody(
    browser: Browser, admin: Customer, stack: Stack, house: House
) -> None:
    async with scanner(browser, admin, stack, house) as page:
        ended = re.compile(r"/api/(check-in|refresh)")
        await page.route(ended, lambda route: route.fulfill(status=401, json={"title": "Sign in"}))
        await show(page, house.good)
        await expect_verdict(page, "admitted", "Admitted")
        await expect(page.locator(".door-notices")).to_contain_text("1 admission waits")
        await page.unroute(ended)

        await page.locator(".door-notices").get_by_role("link", name="Sign in").click()
        await page.get_by_label("Email").fill(admin.email)
        await page.get_by_label("Password", exact=True).fill(admin.password)
        await page.locator("form button[type=submit]").click()

        await page.wait_for_url(f"**{house.path}")
        await expect(page.locator(".door-count")).to_contain_text("1 of 2")
        await expect(page.locator(".door-notices")).to_be_empty()
        assert (await told_at_the_door(admin, house))["admitted"] == 1


# The camera


async def test_10_the_camera_reads_a_ticket_once_and_is_ready_for_the_next(
    windows: Windows, admin: Customer, stack: Stack, house: House, tmp_path: Path
) -> None:
    """The film shows what the buyer's phone shows. Chromium has no reader of its own on Linux: the decoder that comes
    along reads, and is not loaded before.
    """
    phone = await windows.open("/sign-in.html")
    await be(phone, house.buyer, stack, f"/ticket.html?order={house.order_id}")
    film = await film_of(phone.locator("svg.qr").first, tmp_path / "ticket.y4m")
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    async with async_playwright() as playwright:
        seeing = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
        door = Windows(seeing, stack.edge_url)
        page = await door.open("/sign-in.html")
        decoders: list[str] = []
        page.on("request", lambda request: decoders.append(request.url) if "/vendor/qr-" in request.url else None)
        await be(page, admin, stack, house.path)
        await page.get_by_label("Name of this door").fill("North")
        assert decoders == []

        await page.get_by_label("Name of this door").press("Enter")

        await expect_verdict(page, "admitted", "Admitted")
        assert len(decoders) == 2
        # It is still held up, and it is not asked for again; the picture is back for the next one.
        await expect(page.get_by_text("Hold the code into the frame")).to_be_visible()
        await expect(page.locator(".door-last li")).to_have_count(1)
        await page.get_by_role("button", name="Stop the camera").click()
        await page.get_by_role("button", name="Start the camera").click()
        await expect(page.locator("video")).to_be_visible()
        await door.close()
        await seeing.close()
    assert door.complaints == []
    assert (await told_at_the_door(admin, house))["admitted"] == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "may not use the camera"),
        ("NotFoundError", "There is no camera here"),
        ("NotReadableError", "Another program has the camera"),
    ],
)
async def test_a_camera_that_cannot_be_had_is_told_of_and_codes_are_typed(
    door: Page, house: House, error: str, words: str
) -> None:
    refuse = "(name) => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name)))"
    await door.evaluate(refuse, error)

    await door.locator(".door-begin").get_by_role("button", name="Start the camera").click()

    await expect(door.get_by_role("region", name="Result")).to_contain_text(words)
    await expect(door.locator("#alarm")).to_contain_text(words)
    await show(door, house.good)
    await expect_verdict(door, "admitted", "Admitted")


async def test_without_https_the_camera_is_not_there_and_says_why(door: Page) -> None:
    await door.evaluate(
        "() => (Object.defineProperty(navigator, 'mediaDevices', { value: undefined }),"
        " Object.defineProperty(globalThis, 'isSecureContext', { value: false }))"
    )

    await door.locator(".door-begin").get_by_role("button", name="Start the camera").click()

    await expect(door.get_by_role("region", name="Result")).to_contain_text("only to pages with https")


# From the other pages


async def test_the_list_of_events_and_a_sale_lead_to_the_door(door: Page, house: House) -> None:
    name, number = house.event["name"], house.event["id"]
    for path in (f"/admin.html?q={name.replace(' ', '+')}", f"/admin-sales.html?event={number}"):
        await door.goto(path)
        await door.get_by_role("link", name=re.compile("^Door")).first.click()
        await door.wait_for_url(f"**{house.path}")
        await expect(door.get_by_role("heading", level=1)).to_have_text(house.event["name"])
