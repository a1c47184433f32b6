"""A camera that looks at a ticket: the film that Chromium takes for one (`--use-file-for-fake-video-capture`)."""

import re
from pathlib import Path

from playwright.async_api import Locator

WIDTH, HEIGHT = 640, 480
DOT = 9
"""Pixels of the film for a dot of the code: a phone that is held up near."""
FRAMES = 2
_WALL, _WHITE, _BLACK, _GREY = 120, 235, 16, 128


async def film_of(code: Locator, file: Path) -> Path:
    """Write a film to `file` of a code as a ticket's page shows it, an `svg.qr` of dots."""
    size = int((await code.get_attribute("viewBox") or "").split()[2])
    dots = await code.locator(".qr-ink").get_attribute("d") or ""
    _write(file, _picture(size, dots))
    return file


def _picture(size: int, dots: str) -> bytes:
    """In the middle of a grey wall; brightness alone, a byte for each pixel."""
    side = size * DOT
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    pixels = bytearray([_WALL]) * (WIDTH * HEIGHT)

    def paint(x: int, y: int, width: int, height: int, shade: int) -> None:
        for row in range(top + y, top + y + height):
            start = row * WIDTH + left + x
            pixels[start : start + width] = bytes([shade]) * width

    paint(0, 0, side, side, _WHITE)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)", dots):
        paint(int(x) * DOT, int(y) * DOT, int(run) * DOT, DOT, _BLACK)
    return bytes(pixels)


def _write(file: Path, picture: bytes) -> None:
    """As YUV4MPEG2, which is told in its first line; without colour."""
    frame = b"FRAME\n" + picture + bytes([_GREY]) * (WIDTH * HEIGHT // 2)
    file.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420\n" % (WIDTH, HEIGHT) + frame * FRAMES)
