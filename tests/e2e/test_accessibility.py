"""Every page under axe, in light and dark, on a desk and on a phone: no violation of WCAG 2.2 A and AA."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.async_api import Browser

from devstack.stack import Stack
from tests.e2e.browsers import needs_chromium

pytestmark = needs_chromium

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = ["/", "/movie.html?name=Dune%3A%20Part%20Two", "/sign-in.html", "/bookings.html", "/admin.html", "/seats.html"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_no_violations(browser: Browser, stack: Stack, event: dict[str, Any], path: str) -> None:
    if path == "/seats.html":
        path = f"{path}?event={event['id']}"
    for scheme, width in (("light", 1280), ("dark", 390)):
        context = await browser.new_context(
            base_url=stack.edge_url,
            color_scheme="light" if scheme == "light" else "dark",
            viewport={"width": width, "height": 900},
            bypass_csp=True,  # for axe's own script; the other browser tests run under the real policy
        )
        page = await context.new_page()
        await page.goto(path)
        await page.get_by_role("heading", level=1).first.wait_for()

        results = await Axe().run(page, options=RULES)

        await context.close()
        assert results.violations_count == 0, f"{scheme}, {width} px: {results.generate_report()}"
