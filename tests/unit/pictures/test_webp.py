"""Stills that are put into one moving picture come out of it as they went in."""

import pytest

from pictures.webp import Frame, chunks, moving


def still(content: bytes) -> bytes:
    """A WebP with one lossy picture in it, as Chromium writes it."""
    body = b"WEBPVP8 " + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def test_each_frame_has_its_picture_its_size_and_its_time() -> None:
    film = moving([Frame(still(b"even"), 450), Frame(still(b"odd"), 70_000)], width=960, height=600)

    names = [name for name, _ in chunks(film)]
    frames = [content for name, content in chunks(film) if name == b"ANMF"]
    assert names == [b"VP8X", b"ANIM", b"ANMF", b"ANMF"]
    assert [int.from_bytes(frame[12:15], "little") for frame in frames] == [450, 70_000]
    assert [
        (int.from_bytes(frame[6:9], "little") + 1, int.from_bytes(frame[9:12], "little") + 1) for frame in frames
    ] == [
        (960, 600),
        (960, 600),
    ]
    assert frames[1][16:] == b"VP8 " + (3).to_bytes(4, "little") + b"odd\0"
    assert int.from_bytes(film[4:8], "little") == len(film) - 8


def test_what_is_no_webp_is_refused() -> None:
    with pytest.raises(ValueError, match="not a WebP"):
        moving([Frame(b"\x89PNG", 100)], width=1, height=1)
