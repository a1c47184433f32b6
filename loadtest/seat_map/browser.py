"""A Chromium that shows the front end's own files under their own policy, and an otherwise empty page for the map."""

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from devstack.edge.pages import Pages
from devstack.paths import ROOT

_FRONTEND = ROOT / "frontend"
_PAGE = Path(__file__).parent / "page"
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
)
"""Without a graphics card wherever it runs: the slow case, and the same on every machine."""


def find_chromium() -> str | None:
    """The system's Chromium; None when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The address of a server for the front end, with the page of `page/` at /measure/."""
    headers = json.loads((_FRONTEND / "headers.json").read_text())
    app = web.Application()
    for file in sorted(_PAGE.iterdir()):
        app.router.add_get(f"/measure/{file.name}", _answer_with(file, headers))
    app.router.add_get("/{path:.*}", Pages(_FRONTEND, headers).serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def _answer_with(file: Path, headers: Mapping[str, str]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(file, headers=headers)

    return answer


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def empty_page(
    browser: Browser, address: str, *, width: int = 1280, height: int = 800, dark: bool = False
) -> AsyncIterator[Page]:
    """The page before there is a map on it."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    try:
        page = await context.new_page()
        await page.goto(f"{address}/measure/index.html")
        # Modules wait for their catalogue, and a page counts as loaded before that.
        await page.wait_for_function("() => globalThis.map !== undefined")
        yield page
    finally:
        await context.close()
