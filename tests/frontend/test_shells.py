"""What every page of the front end has before any script runs: a language, a name of its own, landmarks, the same way
about, and nothing that forbids to enlarge it.
"""

import re
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PAGES = sorted(FRONTEND.glob("*.html"))
SHELLS = {page.name: page.read_text("utf-8") for page in PAGES}
WITHOUT_FOOT = {"seats.html", "admin-door.html"}
"""The map fills the window, and so does what is said of a ticket."""

every_page = pytest.mark.parametrize("page", SHELLS)


def _part(page: str, pattern: str) -> str:
    found = re.search(pattern, SHELLS[page], re.DOTALL)
    assert found, f"{page} has no {pattern}"
    return found[0]


def test_every_page_has_a_title_of_its_own() -> None:
    titles = [_part(page, r"<title .*?</title>") for page in SHELLS]

    assert len(set(titles)) == len(titles) > 10


@every_page
def test_a_page_has_a_language_landmarks_and_a_way_past_its_header(page: str) -> None:
    body = _part(page, r"<body>.*</body>")

    assert '<html lang="en">' in SHELLS[page]
    assert re.match(r'<body>\s*<a class="skip" href="#main"', body)
    assert body.count('<main id="main" tabindex="-1">') == 1
    assert body.count("<header") == 1
    assert all("aria-label=" in nav for nav in re.findall(r"<nav[^>]*>", body))


@every_page
def test_help_and_ways_stand_in_the_same_place_on_every_page(page: str) -> None:
    """WCAG 2.2, 3.2.3 and 3.2.6."""
    assert _part(page, r"<header.*?</header>") == _part("index.html", r"<header.*?</header>")
    if page not in WITHOUT_FOOT:
        assert _part(page, r"<footer.*?</footer>") == _part("index.html", r"<footer.*?</footer>")


@every_page
def test_a_page_can_be_enlarged_and_turned(page: str) -> None:
    viewport = _part(page, r'<meta name="viewport"[^>]*>')

    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
    assert 'rel="manifest"' not in SHELLS[page]  # where an orientation could be locked


def test_no_picture_has_text_in_it() -> None:
    """WCAG 2.2, 1.4.5: the sign is a drawing, posters are drawn with real text (lib/poster.js)."""
    assert [path.name for path in FRONTEND.rglob("*.svg") if "<text" in path.read_text("utf-8")] == []
    assert [path for kind in ("png", "jpg", "webp", "gif") for path in FRONTEND.rglob(f"*.{kind}")] == []
