"""A camera that looks at a ticket: the film that Chromium takes for one (`--use-file-for-fake-video-capture`)."""

import re
from pathlib import Path

from playwright.async_api import Page

WIDTH, HEIGHT = 640, 480
DOT = 9
"""Pixels of the film for a dot of the code: a phone that is held up near."""
FRAMES = 2
_WALL, _WHITE, _BLACK, _GREY = 120, 235, 16, 128


async def film_of(page: Page, code: str, file: Path) -> Path:
    """Write a film of a ticket's code to `file`, drawn by the tickets' own page module; `page` shows a page of ours."""
    drawn = await page.evaluate(
        "async (code) => (await import('/lib/ticket-code.js')).qrPath(code)",
        code,
    )
    side = drawn["size"] * DOT
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    luma = bytearray([_WALL]) * (WIDTH * HEIGHT)

    def paint(x: int, y: int, width: int, height: int, shade: int) -> None:
        for row in range(top + y, top + y + height):
            start = row * WIDTH + left + x
            luma[start : start + width] = bytes([shade]) * width

    paint(0, 0, side, side, _WHITE)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)", drawn["path"]):
        paint(int(x) * DOT, int(y) * DOT, int(run) * DOT, DOT, _BLACK)
    frame = b"FRAME\n" + luma + bytes([_GREY]) * (WIDTH * HEIGHT // 2)
    file.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420\n" % (WIDTH, HEIGHT) + frame * FRAMES)
    return file
