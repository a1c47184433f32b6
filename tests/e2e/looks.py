"""A page looked at in all the ways that people look at pages, in one load of it: axe in both schemes at two widths, and
what axe does not measure: targets, large letters, spaced letters, narrow screens, a page that jumps.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it has no types
from playwright.async_api import Browser, Page

from devstack.stack import Stack

DESK = (1280, 900)
PHONE = (390, 844)
NARROW = (320, 640)
"""A desk at 400 %: WCAG 2.2, 1.4.10."""
ON_ITS_SIDE = (844, 390)
SMALLEST_TARGET = 24
"""CSS pixels: WCAG 2.2, 2.5.8."""
LARGEST_SHIFT = 0.05
HOST = "127.0.0.1"
"""The stack's own: whatever else is asked is a third party."""

_WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
EVERYTHING = {"runOnly": {"type": "tag", "values": [*_WCAG, "best-practice"]}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""What changes with the scheme: the rest of the rules would say the same again."""

_NOTE_SHIFTS = """
globalThis.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
  .observe({ type: "layout-shift", buffered: true });
"""

_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

_FRAME = """
() => {
  const count = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).length;
  const wanted = {
    "one h1": count("h1") === 1,
    "one main": count("body > main#main[tabindex]") === 1,
    "a banner": count("body > header") === 1,
    "a named navigation": document.querySelector("nav[aria-label]") !== null,
    "a skip link in the first place": document.querySelector("body > a:first-child.skip[href='#main']") !== null,
    "a title": / · Frontrow$/.test(document.title),
  };
  return Object.keys(wanted).filter((what) => !wanted[what]);
}
"""

_TARGETS = """
(smallest) => {
  // A link whose ::after covers its card, a box whose label can be pressed: the target is what can be pressed.
  const targetOf = (control) => {
    if (getComputedStyle(control, "::after").position === "absolute") return control.offsetParent;
    return control.labels?.[0]?.contains(control) ? control.labels[0] : control;
  };
  // 2.5.8 leaves out links in a sentence: as high as the line.
  const inText = (control) =>
    getComputedStyle(control).display === "inline" &&
    control.parentElement.textContent.trim() !== control.textContent.trim();
  return [...document.querySelectorAll("a[href], :is(button, input, select, textarea, summary):not(.vh)")]
    .filter((control) => control.checkVisibility() && !inText(control))
    .map((control) => [control, targetOf(control).getBoundingClientRect()])
    .filter(([, { width, height }]) => Math.min(width, height) < smallest)
    .map(([control, { width, height }]) => `${control.ariaLabel ?? control.textContent.trim()}: ${width} by ${height}`);
}
"""

_CUT = """
() => {
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  // An address in the header may be short: it stands in full on the page that it leads to.
  const cut = [...document.querySelectorAll("body *:not(.vh, .who *, select, svg *)")].filter((element) => {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || !element.checkVisibility()) return false;
    const { overflowX, overflowY } = getComputedStyle(element);
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    return (hides(overflowX) && scrollWidth > clientWidth + 1) || (hides(overflowY) && scrollHeight > clientHeight + 1);
  });
  const before = globalThis.cutBefore ?? new Set(cut);
  globalThis.cutBefore = before;
  return cut.filter((element) => !before.has(element)).map((element) => element.textContent);
}
"""
"""Texts that are cut off now and were not when this was first asked."""

_SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
"""WCAG 2.2, 1.4.12."""
_ENLARGED = "html { font-size: 200% !important; }"
"""WCAG 2.2, 1.4.4."""

Ready = Callable[[Page], Awaitable[Any]]


@asynccontextmanager
async def looked_at(browser: Browser, stack: Stack, **more: Any) -> AsyncIterator[Page]:
    """A page without the real policy, for axe's own script; the other browser tests run under it. Nothing moves."""
    context = await browser.new_context(
        base_url=stack.edge_url,
        viewport={"width": DESK[0], "height": DESK[1]},
        reduced_motion="reduce",
        bypass_csp=True,
        **more,
    )
    page = await context.new_page()
    await page.add_init_script(_NOTE_SHIFTS)
    yield page
    await context.close()


def in_language(path: str, language: str) -> str:
    """The address of a page in a language."""
    address, hash_sign, step = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}lang={language}{hash_sign}{step}"


async def faults_of(page: Page, path: str, ready: Ready) -> list[str]:
    """What is wrong with a page, in English and in Arabic, which runs from right to left; with what it was in.

    `ready` waits until it shows what it has to show.
    """
    foreign: set[str] = set()
    page.on("request", lambda request: foreign.add(request.url) if urlsplit(request.url).hostname != HOST else None)
    await page.goto(in_language(path, "en"))
    await ready(page)
    shifted = await page.evaluate("() => shifts.reduce((sum, value) => sum + value, 0)")
    found = [f"{path}: it jumps, {shifted}"] if shifted > LARGEST_SHIFT else []
    found += [f"{path}: {fault}" for fault in await faults_in_all_looks(page)]
    await page.goto(in_language(path, "ar"))
    await ready(page)
    found += [f"{path}, right to left: {fault}" for fault in await faults_right_to_left(page)]
    return found + [f"{path} asks somebody else: {url}" for url in foreign]


async def faults_in_all_looks(page: Page, *, only_on_a_phone: bool = False) -> list[str]:
    """What is wrong with what a page shows now, light and dark, wide and narrow, with large and with spaced letters."""
    found: list[str] = []

    def note(look: str, faults: list[str]) -> None:
        found.extend(f"{look}: {fault}" for fault in faults)

    note("its frame lacks", await page.evaluate(_FRAME))
    for size, (first, second) in ((DESK, ("light", "dark")), (PHONE, ("dark", "light"))):
        if only_on_a_phone and size == DESK:
            continue
        await _resize(page, size)
        await _light_up(page, first)
        note(f"{first}, {size[0]} px", await _axe(page, EVERYTHING))
        note(f"small at {size[0]} px", await page.evaluate(_TARGETS, SMALLEST_TARGET))
        await _light_up(page, second)
        note(f"{second}, {size[0]} px", await _axe(page, COLOURS))
    for size in (ON_ITS_SIDE, NARROW):
        await _resize(page, size)
        note(f"{size[0]} px", await _sideways(page))
    for name, style, sizes in (("spaced", _SPACED, (NARROW, DESK)), ("enlarged", _ENLARGED, ((640, 900), DESK))):
        for size in sizes:
            if only_on_a_phone and size == DESK:
                continue
            await _resize(page, size)
            await page.evaluate(f"delete globalThis.cutBefore, ({_CUT})()")
            tag = await page.add_style_tag(content=style)
            await page.evaluate(_DRAWN)
            note(f"{name}, {size[0]} px", [*await _sideways(page), *await page.evaluate(_CUT)])
            await tag.evaluate("(style) => style.remove()")
    await _resize(page, DESK)
    return found


async def faults_right_to_left(page: Page) -> list[str]:
    """What is wrong with what a page shows now in Arabic."""
    found = [] if await page.evaluate("() => document.dir === 'rtl'") else ["it does not run to the left"]
    for size in (DESK, PHONE):
        await _resize(page, size)
        found += [f"{size[0]} px: {fault}" for fault in await _axe(page, EVERYTHING)]
    await _resize(page, NARROW)
    found += await _sideways(page)
    await _resize(page, DESK)
    return found


async def _resize(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.evaluate(_DRAWN)


async def _light_up(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
    await page.evaluate(_DRAWN)


async def _axe(page: Page, rules: dict[str, Any]) -> list[str]:
    if not await page.evaluate("() => 'axe' in globalThis"):
        await page.evaluate(AXE_SCRIPT)
    violations = await page.evaluate("async (rules) => (await axe.run(rules)).violations", rules)
    return [f"{rule['id']} at {', '.join(str(node['target']) for node in rule['nodes'])}" for rule in violations]


async def _sideways(page: Page) -> list[str]:
    pixels = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return [f"{pixels} px to be scrolled sideways"] if pixels > 0 else []
