"""Puts still WebP pictures into one that moves. Chromium writes the stills; their container is simple.

The format: https://developers.google.com/speed/webp/docs/riff_container.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PICTURE_DATA = (b"VP8 ", b"VP8L", b"ALPH")
_HAS_ANIMATION = 0x02
_NO_BLENDING = 0x02
FOR_EVER = 0


@dataclass(frozen=True)
class Frame:
    """A still WebP of the whole picture, and how long it is shown, in milliseconds."""

    still: bytes
    shown_ms: int


def moving(frames: Sequence[Frame], *, width: int, height: int) -> bytes:
    """An animated WebP that repeats for ever. All stills must be `width` by `height` pixels.

    Raises ValueError when a still is no WebP.
    """
    size = _u24(width - 1) + _u24(height - 1)
    header = _chunk(b"VP8X", bytes([_HAS_ANIMATION, 0, 0, 0]) + size)
    loop = _chunk(b"ANIM", bytes(4) + FOR_EVER.to_bytes(2, "little"))
    pictures = [
        _chunk(b"ANMF", bytes(6) + size + _u24(frame.shown_ms) + bytes([_NO_BLENDING]) + _picture(frame.still))
        for frame in frames
    ]
    body = b"WEBP" + header + loop + b"".join(pictures)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def chunks(webp: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and the content of each part of a WebP file."""
    if webp[:4] != b"RIFF" or webp[8:12] != b"WEBP":
        raise ValueError("not a WebP")
    at = 12
    while at + 8 <= len(webp):
        name, length = webp[at : at + 4], int.from_bytes(webp[at + 4 : at + 8], "little")
        yield name, webp[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _picture(still: bytes) -> bytes:
    return b"".join(_chunk(name, content) for name, content in chunks(still) if name in _PICTURE_DATA)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
