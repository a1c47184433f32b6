"""What the pictures show: who opens which page, and what they do before it is taken."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Page, expect

from pictures.house import BUYER, CONCERT, GATES, STADIUM, THEATRE, House

Who = Literal["visitor", "buyer", "organiser"]
expect.set_options(timeout=20_000)  # patience: the machine may be busy

GUESTS = 48
"""Who have come already when the door is looked at."""

LIVE = ".badge.live.good, .badge.good"


@dataclass(frozen=True)
class Scene:
    """One page. `show` makes it look as it shall, in any language and at any width."""

    name: str
    who: Who
    show: Callable[[Page, House], Awaitable[None]]


async def _browse(page: Page, _house: House) -> None:
    await page.goto("/")
    await expect(page.locator("#events li.card:not(.skeleton)").first).to_be_visible()


async def _event(page: Page, house: House) -> None:
    await page.goto(f"/event.html?event={house.events['Dune: Part Two']['id']}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def _seats(page: Page, house: House) -> None:
    await house.fill_baskets(THEATRE)
    await page.goto(f"/seats.html?event={house.events[THEATRE]['id']}")
    await _a_map(page)


async def _hold(page: Page, house: House) -> None:
    await house.hold_for_the_buyer(THEATRE)
    await _seats(page, house)
    await expect(page.get_by_role("timer").first).to_be_attached()


async def _stadium(page: Page, house: House) -> None:
    await house.empty_the_buyers_basket()
    await page.goto(f"/seats.html?event={house.events[STADIUM]['id']}")
    await _a_map(page)


async def _a_map(page: Page) -> None:
    await expect(page.locator(LIVE).first).to_be_visible()
    await expect(page.locator("button.offer").first).to_be_attached()


async def _ticket(page: Page, house: House) -> None:
    await page.goto(f"/ticket.html?order={house.order_id}")
    await expect(page.locator("main svg").first).to_be_visible()


async def _bookings(page: Page, _house: House) -> None:
    await page.goto("/bookings.html")
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()


async def _account(page: Page, _house: House) -> None:
    await page.goto("/account.html")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def _sign_in(page: Page, _house: House) -> None:
    await page.goto("/sign-in.html?new=1")
    await page.locator("input[name=name]").fill(BUYER["name"])
    await page.locator("input[name=email]").fill(BUYER["email"])
    await page.locator("input[name=password]").fill("a short sentence")


async def _organiser(page: Page, _house: House) -> None:
    await page.goto("/admin.html")
    await expect(page.locator(".event-row").first).to_be_visible()


async def _prices(page: Page, _house: House) -> None:
    await page.goto("/admin-new.html")
    await page.locator("[name=name]").fill("The Night Garden")
    await page.locator("input[type=radio][value=theater]").check(force=True)
    await _on(page)
    await page.locator("[name=venue]").fill("Aurora Theatre")
    await page.locator("[name=city]").fill("Berlin")
    await _on(page)
    await expect(page.locator(".room canvas")).to_be_visible()
    await _on(page)
    await expect(page.locator(".band").first).to_be_visible()


async def _on(page: Page) -> None:
    """To the next step of a new event."""
    step = page.get_by_role("heading", level=2).first
    before = await step.inner_text()
    await page.locator("main form button.btn:not(.quiet), main .steps-foot .btn:not(.quiet)").last.click()
    await expect(step).not_to_have_text(before)


async def _sales(page: Page, house: House) -> None:
    await house.fill_baskets(CONCERT)
    await page.goto(f"/admin-sales.html?event={house.events[CONCERT]['id']}")
    await expect(page.locator(LIVE).first).to_be_visible()


async def _door(page: Page, house: House) -> None:
    await _at_the_door(page, house)
    await _scan(page, house.unused.pop(), "admitted")


async def _door_used(page: Page, house: House) -> None:
    await _at_the_door(page, house)
    await _scan(page, house.used[0], "used")


async def _at_the_door(page: Page, house: House) -> None:
    if not house.used:
        await house.open_the_door(THEATRE, GUESTS)
    await page.goto(f"/admin-door.html?event={house.events[THEATRE]['id']}")
    await page.locator(".door-begin [name=gate]").fill(GATES[0])
    await page.locator(".door-begin button[type=button]").click()
    for code, kind in ((house.unused.pop(), "admitted"), ("FR1", "forged"), (house.unused.pop(), "admitted")):
        await _scan(page, code, kind)


async def _scan(page: Page, code: str, kind: str) -> None:
    await page.locator("[name=code]").fill(code)
    await page.locator("[name=code]").press("Enter")
    await expect(page.locator(f".verdict[data-kind={kind}]")).to_be_visible()
    await expect(page.locator(".door-stage")).to_have_attribute("aria-busy", "false")
    await page.evaluate("() => (document.activeElement.blur(), scrollTo(0, 0))")


SCENES = (
    Scene("browse", "visitor", _browse),
    Scene("event", "visitor", _event),
    Scene("seats", "visitor", _seats),
    Scene("hold", "buyer", _hold),
    Scene("stadium", "buyer", _stadium),
    Scene("ticket", "buyer", _ticket),
    Scene("bookings", "buyer", _bookings),
    Scene("account", "buyer", _account),
    Scene("sign-in", "visitor", _sign_in),
    Scene("organiser", "organiser", _organiser),
    Scene("prices", "organiser", _prices),
    Scene("sales", "organiser", _sales),
    Scene("door", "organiser", _door),
    Scene("door-used", "organiser", _door_used),
)
