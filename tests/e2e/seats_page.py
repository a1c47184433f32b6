"""The seats page as somebody uses it: what they press, and what they see and are told."""

import re
from itertools import product
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.browsers import Windows
from tests.e2e.conftest import Customer

IN_A_MAP = {"available": "available", "chosen": "available", "held": "held", "pending": "held", "mine": "held"}
"""What the database says of a place that looks like this to a visitor."""
FULL_TIME = re.compile(r"^(5:00|4:\d\d)$")
"""What the timer says of a hold that has just begun."""


class SeatsPage:
    """A window with an event's seats in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.timer = page.get_by_role("timer", name="Time left to confirm")
        self.refusal = page.locator(".notices").get_by_role("alert")
        self.hold_button = page.get_by_role("button", name=re.compile("^Hold "))

    @classmethod
    async def open(cls, windows: Windows, event: dict[str, Any], customer: Customer | None = None) -> "SeatsPage":
        """The event's seats, for somebody who is signed in or not."""
        path = f"/seats.html?event={event['id']}"
        if customer is None:
            page = await windows.open(path)
        else:
            page = await windows.open(f"/sign-in.html?next={path.removeprefix('/')}")
            await sign_in(page, customer)
            await page.wait_for_url("**/seats.html?event=*")
        opened = cls(page)
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        return opened

    async def show_list(self) -> None:
        """Show the seats as a list."""
        await self.page.get_by_role("button", name="Choose from a list").click()
        await expect(self.seats.first).to_be_visible()

    @property
    def seats(self) -> Locator:
        """The seats that the list shows."""
        return self.page.locator(".list button.seat")

    def seat(self, index: int) -> Locator:
        """One of them, by its place in the plan."""
        return self.page.locator(f'.list button.seat[data-index="{index}"]')

    async def tap(self) -> None:
        """Click on the first free seat that the pointer finds, from the middle of the map on."""
        box = await self.page.locator(".map canvas").bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        steps = range(-18, 19)
        tip = self.page.locator(".tip")
        for across, down in sorted(product(steps, steps), key=lambda step: step[0] ** 2 + step[1] ** 2):
            x, y = middle[0] + across * 16, middle[1] + down * 16
            await self.page.mouse.move(x, y)
            if await tip.is_visible():
                await self.page.mouse.click(x, y)
                return
        raise AssertionError("there is no seat near the middle of the map")

    async def everything(self) -> dict[int, str]:
        """The status of every place as the map of this window has it, read from its list, section by section."""
        statuses: dict[int, str] = {}
        sections = self.page.get_by_label("Section", exact=True)
        for value in await sections.locator("option").evaluate_all("options => options.map(({value}) => value)"):
            await sections.select_option(value)
            looks = await self.seats.evaluate_all("seats => seats.map(({dataset}) => [dataset.index, dataset.look])")
            statuses |= {int(index): IN_A_MAP.get(look, look) for index, look in looks}
        return statuses


async def sign_in(page: Page, customer: Customer) -> None:
    """Fill in the sign-in page and send it."""
    await page.get_by_label("Email").fill(customer.email)
    await page.get_by_label("Password").fill(customer.password)
    await page.locator("form button[type=submit]").click()


def on_list(page: Page, look: str) -> Locator:
    """The places of the list that look like this."""
    return page.locator(f'.list button.seat[data-look="{look}"]')
