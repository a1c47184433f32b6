"""The generated picture: well-formed, the same every time, and nothing but a picture whatever the event is called."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_service.artwork.poster import draw_poster

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = {
    f"{SVG}{tag}" for tag in ["svg", "title", "defs", "linearGradient", "stop", "rect", "circle", "g", "text", "tspan"]
}


def texts(poster: bytes) -> str:
    root = ET.fromstring(poster)  # noqa: S314 - our own drawing
    return " ".join(element.text or "" for element in root.iter(f"{SVG}tspan"))


def test_the_name_is_in_the_picture() -> None:
    assert texts(draw_poster(1, "The Night Garden", "concert")) == "The Night Garden"


def test_the_same_event_has_the_same_picture_and_others_have_others() -> None:
    poster = draw_poster(1, "The Night Garden", "concert")

    assert draw_poster(1, "The Night Garden", "concert") == poster
    assert draw_poster(2, "The Night Garden", "concert") != poster
    assert draw_poster(1, "The Night Gardens", "concert") != poster


@given(st.integers(1, 2**63 - 1), st.text(max_size=300), st.text(max_size=40))
def test_any_name_makes_a_well_formed_picture_without_anything_that_acts(id_: int, name: str, kind: str) -> None:
    poster = draw_poster(id_, name.encode(errors="ignore").decode(), kind.encode(errors="ignore").decode())

    root = ET.fromstring(poster)  # noqa: S314 - our own drawing
    assert {element.tag for element in root.iter()} <= DRAWING
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert len(poster) < 16_000


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>&lt;", "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
     "a\x00b\x1f\ufffe", "{width}{0.__class__}", "\u202eabc", "%s%n"],
)  # fmt: skip
def test_a_hostile_name_is_text(name: str) -> None:
    poster = draw_poster(1, name, "movie")

    assert {element.tag for element in ET.fromstring(poster).iter()} <= DRAWING  # noqa: S314 - our own drawing
    assert b"<script" not in poster


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    shown = texts(draw_poster(1, "A very long name indeed " * 20, "movie"))

    assert shown.endswith("…")
    assert len(shown) < 110
