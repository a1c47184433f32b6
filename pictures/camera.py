"""A real Chromium that takes pictures of pages when they have come to rest."""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

from pictures.house import House, Person

QUALITY = 82
SEEN_S = 0.35
"""Longer than any transition of ours; what asks for stillness still fades its maps in."""


@dataclass(frozen=True)
class Look:
    """What somebody looks with, and in which language. Sizes in CSS pixels; `scale` is how many real ones each has."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    language: str
    scale: float = 1


DESK = Look("desk", 1280, 800, "light", "en-GB")
PHONE = Look("phone", 390, 844, "dark", "en-GB", scale=1.5)
ARABIC = Look("arabic", 390, 844, "light", "ar", scale=1.5)
LOOKS = (DESK, PHONE, ARABIC)


@asynccontextmanager
async def chromium(language: str) -> AsyncIterator[Browser]:
    """The system's Chromium, else Playwright's. `language` is that of its own words, as in a date's field."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--font-render-hinting=none",
                "--hide-scrollbars",
                f"--lang={language}",
            ],
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def window(browser: Browser, house: House, look: Look, person: Person | None) -> AsyncIterator[Page]:
    """A window of its own, in which `person` (or nobody) is signed in."""
    context = await browser.new_context(
        base_url=house.stack.edge_url,
        viewport={"width": look.width, "height": look.height},
        device_scale_factor=look.scale,
        color_scheme=look.scheme,
        locale=look.language,
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        has_touch=look.width < 600,
        storage_state=house.kept_by(person, look.language),
    )
    yield await context.new_page()
    await context.close()


async def take(page: Page, *, quality: int = QUALITY, scale: float = 1) -> bytes:
    """What the window shows, as WebP, once nothing moves any more; `scale` is real pixels for each of CSS."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("() => document.fonts.ready")
    await asyncio.sleep(SEEN_S)
    size = page.viewport_size or {"width": DESK.width, "height": DESK.height}
    clip = {"x": await page.evaluate("scrollX"), "y": await page.evaluate("scrollY"), **size, "scale": scale}
    session = await page.context.new_cdp_session(page)
    shot = await session.send("Page.captureScreenshot", {"format": "webp", "quality": quality, "clip": clip})
    await session.detach()
    return base64.b64decode(shot["data"])
