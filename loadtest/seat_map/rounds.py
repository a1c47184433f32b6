"""What is done with the map in one round, and what it cost the page's main thread."""

import json
from collections.abc import Mapping
from statistics import median

from playwright.async_api import Browser, Page

from loadtest.seat_map.browser import empty_page
from loadtest.seat_map.plans import Document
from loadtest.seat_map.trace import animation_frames

FRAMES = 60
MOVES = {
    "pan, whole hall": "map.pan({frames}, map.view.viewpoint.fitScale)",
    "zoom through": "map.zoom({frames})",
    "pan, dots": "map.pan({frames}, 6)",
    "pan, numbered": "map.pan({frames}, 26)",
}
"""What a visitor does, and how the page does it."""

UPDATES = (("the first 1,000 updates", 1_000), ("1,000 updates", 1_000), ("1 update", 1))
"""The first ones run code that the browser has not compiled yet."""

Figures = dict[str, float]


async def empty_round(browser: Browser, address: str) -> Figures:
    """A page without a map: what every frame and every byte of heap is compared with."""
    async with empty_page(browser, address) as page:
        apart: list[float] = await page.evaluate(f"map.idle({FRAMES})")
        return {"frames apart, p50": median(apart), "heap": await _heap_bytes(page)}


async def map_round(browser: Browser, address: str, document: Document) -> Figures:
    """From opening the map to a thousand updates. Times in milliseconds, heap in bytes."""
    figures: Figures = {}
    async with empty_page(browser, address) as page:
        opened: Mapping[str, float] = await page.evaluate("text => map.open(text)", json.dumps(document))
        figures["data to painted"] = opened["painted"]
        await page.evaluate("map.rest(map.view.viewpoint.fitScale)")
        figures["heap"] = await _heap_bytes(page)
        for name, script in MOVES.items():
            async with animation_frames(browser) as took:
                apart: list[float] = await page.evaluate(script.format(frames=FRAMES))
            # Half of the callbacks only wait for the next frame; those that draw are longer.
            drawn = took[:FRAMES]
            figures |= {
                f"{name}: CPU p50": percentile(drawn, 50),
                f"{name}: CPU p95": percentile(drawn, 95),
                f"{name}: frames apart, p50": percentile(apart, 50),
            }
            await page.evaluate("map.rest(map.view.viewpoint.fitScale)")
        for where, scale in (("whole hall", "map.view.viewpoint.fitScale"), ("dots", "6")):
            await page.evaluate(f"map.rest({scale})")
            for name, count in UPDATES:
                async with animation_frames(browser) as took:
                    updated: Mapping[str, float] = await page.evaluate(f"map.update({count})")
                # One callback takes them in, the next draws.
                figures |= {
                    f"{name}, {where}: CPU": sum(took[:2]),
                    f"{name}, {where}: painted": updated["painted"],
                }
    return figures


def percentile(times: list[float], percent: int) -> float:
    """Nearest-rank: always a time that was measured."""
    return sorted(times)[max(0, -(-len(times) * percent // 100) - 1)]


async def _heap_bytes(page: Page) -> float:
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    # Typed arrays lie outside of the heap proper.
    return float(usage["usedSize"] + usage.get("backingStorageSize", 0))
