"""A real Chromium for the tests of pages, and windows in it that note every complaint."""

import shutil
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",  # Chromium's own cannot be set up as root
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")

expect.set_options(timeout=20_000)  # patience, not a promise: the machine may be busy

FINE = (
    # A refused request is shown to the person; the browser's own line about its status says nothing more.
    "the server responded with a status of 4",
    # Somebody left a page before its map had connected, which on a busy machine takes a while.
    "WebSocket is closed before the connection is established",
)


class Windows:
    """Browser windows, each with its own storage; whatever any of them complains about fails the test."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def open(self, path: str = "/") -> Page:
        """A new window, at `path`."""
        context = await self._browser.new_context(base_url=self._base_url, viewport={"width": 1280, "height": 800})
        self._contexts.append(context)
        page = await context.new_page()
        page.on("console", self._note)
        page.on("request", self._must_be_ours)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(path)
        return page

    async def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            await context.close()

    def _must_be_ours(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in (None, "127.0.0.1"):
            self.complaints.append(f"somebody else was asked: {request.url}")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(fine in message.text for fine in FINE):
            self.complaints.append(message.text)
