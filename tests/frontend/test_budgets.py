"""How much a browser fetches for a page, compressed: over a slow line every kilobyte is seen."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

from deploy.preload import entry_of, later_of, modules_of

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"

KB = 1000
# As they lie in the repository, comments included; the ticket brings the QR writer along.
SCRIPTS = {"index": 27, "event": 27, "movie": 27, "bookings": 27, "ticket": 32, "sign-in": 27, "account": 27}
# An organiser's, seldom opened; two of them bring the map along.
SCRIPTS |= {"admin": 27, "admin-edit": 31, "admin-new": 93, "admin-sales": 85, "admin-door": 45}
# The event's name and the way to choose; then the map, the offers and the basket: three fifths of them is code, the
# rest says why.
SCRIPTS |= {"seats": 26}
SCRIPTS_LATER = {"seats": 76}
# Where keys lead comes when the map is painted, the list when it is asked for (ADR-0038). Bundled:
# tests/e2e/test_bundle.py.
APART = {"seat-map/walker.js": 9, "pages/seats/list.js": 5}
# The language is chosen and the first questions are asked.
BEFORE_MODULES = 2.2
# What a page says stands in the catalogue of the one language it is shown in. Arabic is the largest: six forms, and
# two bytes for a letter.
LANGUAGE = {"site": 7, "seats": 5, "organiser": 6, "door": 3}
# What reads codes, for browsers that cannot: only a camera at the door asks for it.
READER = 48
STYLES = 12
STYLES_WITH_MAP = {"admin-new": 15, "admin-sales": 15}
SHELL = 8
FACES = 75


@cache
def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _shell(page: str) -> str:
    return (FRONTEND / f"{page}.html").read_text("utf-8")


@pytest.mark.parametrize("page", SCRIPTS)
def test_the_scripts_of_a_page_are_small(page: str) -> None:
    entry = entry_of(FRONTEND / f"{page}.html")

    assert len(modules_of(entry)) > 5, "imports are found"
    assert sum(map(_compressed, modules_of(entry))) <= SCRIPTS[page] * KB
    assert sum(map(_compressed, later_of(entry))) <= SCRIPTS_LATER.get(page, 0) * KB


@pytest.mark.parametrize("module", APART)
def test_what_a_page_of_seats_fetches_apart_is_not_among_what_it_waits_for(module: str) -> None:
    entry = entry_of(FRONTEND / "seats.html")
    waited_for = {*modules_of(entry), *later_of(entry)}
    apart = [part for part in modules_of(FRONTEND / module) if part not in waited_for]

    assert FRONTEND / module in apart
    assert sum(map(_compressed, apart)) <= APART[module] * KB


def test_what_reads_codes_is_small_and_comes_only_when_a_camera_is_started() -> None:
    reader = set((FRONTEND / "vendor/qr-0.7.0").glob("*.js"))
    naming = [path for path in FRONTEND.rglob("*.js") if "/qr-0.7.0/" in path.read_text("utf-8")]

    assert sum(map(_compressed, reader)) <= READER * KB
    assert naming == [FRONTEND / "lib/code-reader.js"]
    assert not reader & set(modules_of(FRONTEND / "pages/admin-door.js"))


def test_what_runs_before_the_modules_is_small() -> None:
    assert _compressed(FRONTEND / "languages/choose.js") + _compressed(FRONTEND / "early.js") <= BEFORE_MODULES * KB


@pytest.mark.parametrize("page", SCRIPTS)
def test_the_styles_and_the_shell_of_a_page_are_small(page: str) -> None:
    styles = [FRONTEND / name for name in re.findall(r'<link rel="stylesheet" href="([^"]+)"', _shell(page))]

    assert sum(map(_compressed, styles)) <= STYLES_WITH_MAP.get(page, STYLES) * KB
    assert _compressed(FRONTEND / f"{page}.html") <= SHELL * KB


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_a_language_is_small(language: str) -> None:
    choice = _compressed(FRONTEND / "languages" / "choose.js")

    for part, budget in LANGUAGE.items():
        catalogue = _compressed(FRONTEND / "languages" / language / f"{part}.js")
        assert catalogue + (choice if part == "site" else 0) <= budget * KB, part


def test_the_faces_of_a_western_page_are_small() -> None:
    faces = [path for path in (FRONTEND / "vendor").glob("*.woff2") if not path.name.endswith("-latin-ext.woff2")]

    assert len(faces) == 2
    assert sum(path.stat().st_size for path in faces) <= FACES * KB
