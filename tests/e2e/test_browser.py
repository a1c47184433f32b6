"""The pages, in a real Chromium: two windows look at the same seats."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from devstack.stack import Stack
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import SignUp

PASSWORD = "correct horse battery staple"

pytestmark = needs_chromium


async def sign_up(page: Page) -> None:
    """Make an account on the sign-in page that is open."""
    await page.get_by_role("button", name="New here").click()
    await page.get_by_label("Email").fill(f"{uuid4().hex[:12]}@example.com")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()


async def open_list(page: Page) -> None:
    """Show the seats as a list, which a keyboard and a screen reader can use."""
    await page.get_by_role("button", name="Choose from a list").click()
    await expect(page.get_by_role("button", name=re.compile("row A, seat 1, "))).to_be_visible()


async def test_the_map_is_fed_by_binary_messages(windows: Windows, event: dict[str, Any], sign_up: SignUp) -> None:
    """A page that did not understand the compact mode would show the map all the same, from the plain mode or HTTP."""
    page = await windows.open("/")
    received: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda message: received.append(message)))
    await page.goto(f"/seats.html?event={event['id']}")
    await open_list(page)
    ann = await sign_up()

    await ann.post("/hold-seat", {"seat_id": event["first_seat_id"]})

    await expect(page.get_by_role("button", name=re.compile("row A, seat 1, in someone"))).to_be_visible()
    assert [message[0] for message in received if isinstance(message, bytes)][:2] == [1, 2]
    assert not [message for message in received if isinstance(message, str) and "heartbeat" not in message]


async def test_two_windows_one_seat(windows: Windows, event: dict[str, Any]) -> None:
    ann = await windows.open(f"/seats.html?event={event['id']}")
    ben = await windows.open(f"/seats.html?event={event['id']}")
    for page in (ann, ben):
        await open_list(page)
    anns_seat, bens_seat = (page.get_by_role("button", name=re.compile("row A, seat 1, ")) for page in (ann, ben))
    await expect(bens_seat).to_have_accessible_name(re.compile("available"))

    # Choosing needs no account; holding does, and goes on by itself after the way to it and back.
    await ann.get_by_role("button", name="One fewer").click()
    await anns_seat.click()
    await ann.get_by_role("button", name="Hold").click()
    await sign_up(ann)
    await ann.wait_for_url("**/seats.html?event=*")

    timer = ann.get_by_role("timer", name="Time left to confirm")
    await expect(timer).to_have_text(re.compile(r"^(5:00|4:\d\d)$"))
    await expect(bens_seat).to_have_accessible_name(re.compile("in someone.s basket"))

    await ann.reload()
    await expect(timer).to_have_text(re.compile(r"^(5:00|4:\d\d)$"))
    await ann.get_by_role("button", name="Confirm booking").click()
    await expect(ann.get_by_text("Booking confirmed")).to_be_visible()
    await expect(bens_seat).to_have_accessible_name(re.compile("sold"))

    await ann.get_by_role("link", name="Show ticket").click()
    await expect(ann.get_by_role("article").get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    await ann.get_by_role("main").get_by_role("link", name="My bookings").click()
    await ann.get_by_role("button", name=re.compile("^Cancel ")).click()
    await ann.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    await expect(bens_seat).to_have_accessible_name(re.compile("available"))


async def test_from_the_programme_to_a_showtime(windows: Windows) -> None:
    page = await windows.open("/")
    await page.get_by_text("Films", exact=True).click()
    await page.get_by_role("link", name="Dune: Part Two").click()
    await page.wait_for_url("**/event.html?event=*")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Dune: Part Two")
    theaters = page.get_by_role("region", name="All showtimes").get_by_role("heading", level=3)
    await expect(theaters).to_have_text(["Cinéma Étoile", "Lumen Palast", "Riverside Picture House"])
    await page.get_by_role("link", name=re.compile("Riverside Picture House, from £")).first.click()
    await page.wait_for_url("**/seats.html?event=*")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()


@pytest.mark.parametrize("service", ["auth", "events", "booking"])
async def test_the_authorize_button_of_every_swagger_page_signs_in(
    windows: Windows, stack: Stack, sign_up: SignUp, service: str
) -> None:
    ann = await sign_up()
    url = {"auth": stack.auth_url, "events": stack.events_url, "booking": stack.booking_urls[0]}[service]
    page = await windows.open(f"{url}/docs")

    await page.get_by_role("button", name="Authorize").first.click()
    await page.get_by_label("username:").fill(ann.email)
    await page.get_by_label("password:").fill(ann.password)
    await page.get_by_role("button", name="Apply given OAuth2 credentials").click()

    await expect(page.locator(".auth-btn-wrapper button", has_text="Logout")).to_be_visible()
