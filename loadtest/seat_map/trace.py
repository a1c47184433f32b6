"""How long animation frames kept a page's main thread, in CPU time: a clock would tell how busy the machine is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser

_FLUSH_TIMEOUT_S = 30
_TRACE = {"includedCategories": ["devtools.timeline"], "excludedCategories": ["*"]}


@asynccontextmanager
async def animation_frames(browser: Browser) -> AsyncIterator[list[float]]:
    """Milliseconds of CPU of each `requestAnimationFrame` callback, longest first; filled when the block ends."""
    took: list[float] = []
    flushed = asyncio.Event()
    session = await browser.new_browser_cdp_session()

    def collect(data: dict[str, Any]) -> None:
        frames = (event for event in data["value"] if event["name"] == "FireAnimationFrame")
        # One that the trace began or ended within has no duration.
        took.extend(event["tdur"] / 1_000 for event in frames if "tdur" in event)

    session.on("Tracing.dataCollected", collect)
    session.on("Tracing.tracingComplete", lambda _: flushed.set())
    await session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": _TRACE})
    try:
        yield took
    finally:
        await session.send("Tracing.end")
        async with asyncio.timeout(_FLUSH_TIMEOUT_S):
            await flushed.wait()
        await session.detach()
        took.sort(reverse=True)
