"""The bundled pages (deploy/bundle.py): the same purchase under the same policy, from one module and one sheet a page.

All tests of pages run on them with FRONTROW_FRONTEND (ADR-0034); this one builds its own copy.
"""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from devstack.edge.app import create_edge
from devstack.edge.upstreams import Upstreams
from devstack.paths import ROOT
from devstack.ports import free_port
from devstack.stack import Stack
from devstack.wanted import has_npm
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, SignUp
from tests.e2e.seats_page import SeatsPage

pytestmark = [needs_chromium, pytest.mark.skipif(not has_npm(), reason="npm is not installed: apt-get install npm")]


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundled copy."""
    folder = tmp_path_factory.mktemp("bundled")
    # S603: our own script.
    done = subprocess.run(  # noqa: S603
        [sys.executable, ROOT / "deploy/bundle.py", folder], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(("page", "most_kb"), [("index", 11), ("seats", 40)])
def test_the_modules_that_a_bundled_page_waits_for_are_small(bundled: Path, page: str, most_kb: int) -> None:
    """Until it is usable: events to choose from, or the map with what is free, offers and basket. Not counted are the
    language and what runs before modules, which have limits of their own, nor what comes at leisure or at a press.
    """
    shell = (bundled / f"{page}.html").read_text("utf-8")
    waited_for = re.findall(r'(?:type="module" src|rel="modulepreload" href)="([^"]+)"', shell)

    assert sum(len(gzip.compress((bundled / name).read_bytes(), 9)) for name in waited_for) <= most_kb * 1000


@pytest.fixture
async def address(stack: Stack, bundled: Path) -> AsyncIterator[str]:
    """Where the copy is served, before the same services."""
    upstreams = Upstreams(auth=[stack.auth_url], events=[stack.events_url], booking=stack.booking_urls)
    headers = json.loads((bundled / "headers.json").read_text())
    runner = web.AppRunner(create_edge(upstreams, frontend=bundled, page_headers=headers), shutdown_timeout=2)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_a_pair_is_bought_on_bundled_pages_in_one_language_that_is_loaded_by_itself(
    browser: Browser, address: str, event: dict[str, Any], sign_up: SignUp
) -> None:
    ann: Customer = await sign_up()
    windows = Windows(browser, address)
    page: Page = await windows.open("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    await expect(page.locator("#events li.card").first).to_be_visible()
    await page.goto(f"/sign-in.html?lang=de&next=seats.html%3Fevent%3D{event['id']}")
    await page.locator("[name=email]").fill(ann.email)
    await page.locator("[name=password]").fill(ann.password)
    await page.locator("form button[type=submit]").click()
    await page.wait_for_url("**/seats.html?event=*")
    asked.clear()
    await page.reload()
    await page.locator(".badge.good").wait_for()

    await SeatsPage(page).tap()
    await page.get_by_role("button", name=re.compile("^2 Plätze")).click()
    await page.locator(".hold-box").wait_for()
    await page.locator(".basket .btn:not(.quiet)").first.click()
    await page.locator("a[href^=ticket]").click()

    await expect(page.locator("svg.qr")).to_have_count(2)
    await windows.close()
    assert windows.complaints == []
    modules = [re.sub(r"-\w{8}\.js$", "", path) for path in asked if path.startswith("/pages/")]
    assert set(modules) == {
        "/pages/seats.js",
        "/pages/seats-chunk",
        "/pages/seats-walker",  # where keys lead, when the map is painted
        "/pages/seats-ticket-code",  # when there are tickets
        "/pages/ticket.js",
    }
    assert {path for path in asked if path.startswith("/languages/") and "choose" not in path} == {
        "/languages/de/site.js",
        "/languages/de/seats.js",
    }
