"""The picture that moves: from what is on to two tickets."""

from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from pictures.camera import take
from pictures.house import THEATRE, House
from pictures.webp import Frame, moving

WIDTH, HEIGHT = 960, 600
SCALE = WIDTH / 1280
QUALITY = 74
SHORT_MS, LONG_MS, LAST_MS = 450, 1500, 3000

POINTER = """
() => {
  const pointer = document.createElement("div");
  Object.assign(pointer.style, {
    position: "fixed", zIndex: "2147483647", width: "26px", height: "26px", margin: "-13px 0 0 -13px",
    borderRadius: "50%", background: "rgb(11 16 32 / 0.28)", border: "2px solid #ffffff",
    boxShadow: "0 1px 6px rgb(11 16 32 / 0.45)",
    pointerEvents: "none", left: "-40px", top: "0",
  });
  pointer.id = "pointer-of-the-story";
  document.documentElement.append(pointer);
  addEventListener("mousemove", ({ clientX, clientY }) => {
    pointer.style.left = `${clientX}px`;
    pointer.style.top = `${clientY}px`;
  }, true);
}
"""
"""Screenshots lack the pointer; this is where it is."""


@dataclass
class _Film:
    page: Page
    frames: list[Frame] = field(default_factory=list)

    async def frame(self, shown_ms: int) -> None:
        self.frames.append(Frame(await take(self.page, quality=QUALITY, scale=SCALE), shown_ms))

    async def press(self, target: Locator) -> None:
        """Show the pointer on the part of it that is in sight, then press there."""
        box = await target.bounding_box()
        assert box is not None  # noqa: S101 - it was waited for
        seen = min(box["height"], HEIGHT / SCALE - box["y"])
        await self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + seen / 2)
        await self.frame(SHORT_MS)
        await self.page.mouse.down()
        await self.page.mouse.up()

    async def arrive(self) -> None:
        """A new page has the pointer, too."""
        await self.page.evaluate(POINTER)
        await self.frame(LONG_MS)


async def story(page: Page, house: House) -> bytes:
    """An animated WebP of a whole purchase, by the buyer, in a window as on a desk."""
    film = _Film(page)
    await house.empty_the_buyers_basket()
    await page.goto("/")
    await expect(page.locator("#events li.card:not(.skeleton)").first).to_be_visible()
    await film.arrive()

    await page.locator("#q").hover()
    await page.locator("#q").fill(THEATRE)
    card = page.locator("#events li.card", has_text=THEATRE).first
    await expect(page.locator("#events li.card")).to_have_count(2)
    await film.frame(SHORT_MS * 2)
    await film.press(card)

    await expect(page.get_by_role("heading", level=1)).to_have_text(THEATRE)
    await film.arrive()
    await film.press(page.get_by_role("link", name="Choose seats"))

    offer = page.locator("button.offer").first
    await expect(offer).to_be_visible()
    await film.arrive()
    await film.press(offer)
    await film.frame(LONG_MS)
    await film.press(page.get_by_role("button", name="Hold 2 seats"))

    confirm = page.get_by_role("button", name="Confirm booking")
    await expect(confirm).to_be_visible()
    await film.frame(LONG_MS)
    await house.fill_baskets(THEATRE, share=0.08)
    await film.frame(SHORT_MS * 2)
    await film.press(confirm)

    tickets = page.get_by_role("main").locator("a[href^=ticket]").first
    await expect(tickets).to_be_visible()
    await film.frame(LONG_MS)
    await film.press(tickets)
    await expect(page.locator("svg.qr").first).to_be_visible()
    await page.evaluate(POINTER)
    await film.frame(LAST_MS)
    return moving(film.frames, width=WIDTH, height=HEIGHT)
