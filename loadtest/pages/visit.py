"""One load of a page by a slow phone on a slow line: Lighthouse's mobile profile."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from playwright.async_api import Browser, CDPSession, Page

PHONE = {"width": 390, "height": 844}
CPU_SLOWDOWN = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,  # ms per round trip
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
TAPS = 12
REST_S = 2.0
"""A new window of a desktop browser begins with pages of its address bar: half a second of processor, which no phone
spends."""
_STEP_PX = 14
_WATCH = """
globalThis.seen = { lcp: 0, shift: 0, blocked: 0, taps: [] };
const watch = (type, note, more = {}) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
watch("largest-contentful-paint", ({ startTime }) => { seen.lcp = startTime; });
watch("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) seen.shift += value; });
watch("longtask", ({ duration }) => { seen.blocked += duration - 50; });
const noteTap = ({ name, duration }) => { if (name === "pointerup") seen.taps.push(duration); };
watch("event", noteTap, { durationThreshold: 16 });
const sign = SIGN;
globalThis.useful = new Promise((resolve) => {
  const look = (_, observer) => {
    if (!document.querySelector(sign)) return;
    observer.disconnect();
    resolve(performance.now());
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
});
"""


@dataclass(frozen=True)
class Subject:
    """A page, and what it shows when it is of use."""

    name: str
    path: str
    sign: str
    taps: bool = False


@dataclass(frozen=True)
class Visit:
    """What one load cost. Milliseconds, but for `shift` (a share of the window), `requests` and `kilobytes`."""

    largest_paint: float
    shift: float
    blocked: float
    useful: float
    requests: int
    kilobytes: float
    taps: Sequence[float] = field(default=())


async def visit(browser: Browser, url: str, subject: Subject) -> Visit:
    """Load it with nothing kept from before; then tap, where that is asked for."""
    context = await browser.new_context(base_url=url, viewport=PHONE, locale="en")  # type: ignore[arg-type]  # a size
    try:
        page = await context.new_page()
        await page.add_init_script(_WATCH.replace("SIGN", json.dumps(subject.sign)))
        line = await context.new_cdp_session(page)
        await asyncio.sleep(REST_S)
        received = await _throttle(line)
        await page.goto(subject.path)
        useful = await _read(line, "useful")
        await page.wait_for_load_state("networkidle")
        seen = await _read(line, "({ ...seen })")
        loaded = list(received)
        taps = await _tap(page) if subject.taps else ()
        return Visit(seen["lcp"], seen["shift"], seen["blocked"], useful, len(loaded), sum(loaded) / 1000, taps)
    finally:
        await context.close()


async def _throttle(line: CDPSession) -> list[float]:
    """Bytes of each answer from now on, as they come over the line."""
    received: list[float] = []

    def note(finished: dict[str, Any]) -> None:
        received.append(finished["encodedDataLength"])

    line.on("Network.loadingFinished", note)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", SLOW_4G)
    await line.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    return received


async def _read(line: CDPSession, expression: str) -> Any:
    """What the page noted. Not by Playwright's own scripts: a slow phone would be busy with them for 100 ms."""
    words = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = await line.send("Runtime.evaluate", words)
    return answer["result"]["value"]


async def _tap(page: Page) -> Sequence[float]:
    """From letting go of a seat to the next frame, for several seats: the browser's own figures, in steps of 8 ms."""
    box = await page.locator(".map canvas").bounding_box()
    if box is None:
        raise RuntimeError("the page shows no map")
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    steps = range(-8, 9)
    around = sorted(product(steps, steps), key=lambda step: step[0] ** 2 + step[1] ** 2)
    tapped = 0
    for across, down in around:
        await page.mouse.move(middle[0] + across * _STEP_PX, middle[1] + down * _STEP_PX)
        if await page.locator(".tip").is_hidden():
            continue
        await page.mouse.down()
        await page.mouse.up()
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        tapped += 1
        if tapped == TAPS:
            break
    # What took less than 16 ms is not told by the browser: counted as that.
    told: list[float] = await page.evaluate("seen.taps")
    return [*told, *[16.0] * (tapped - len(told))]
