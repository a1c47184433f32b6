"""How much a browser fetches for a page, compressed: over a slow line every kilobyte is seen."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"

KB = 1000
# As they lie in the repository, comments included; the ticket brings the QR writer along.
SCRIPTS = {"index": 26, "event": 26, "movie": 26, "bookings": 27, "ticket": 31, "sign-in": 26, "account": 26}
# An organiser's, seldom opened; two of them bring the map along.
SCRIPTS |= {"admin": 31, "admin-edit": 31, "admin-new": 103, "admin-sales": 93}
# What a page says stands in the catalogue of the one language it is shown in. Arabic is the largest: six forms, and
# two bytes for a letter.
LANGUAGE = {"site": 7, "seats": 4, "organiser": 6}
STYLES = 12
STYLES_WITH_MAP = {"admin-new": 14, "admin-sales": 14}
SHELL = 8
FACES = 75

_IMPORT = re.compile(r'^\s*(?:import|export)\b[^;"]*?"(\.{1,2}/[^"]+)";', re.MULTILINE)


@cache
def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _modules(entry: Path) -> set[Path]:
    """The module and everything that it imports, directly or not."""
    found: set[Path] = set()
    waiting = [entry.resolve()]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += [(module.parent / name).resolve() for name in _IMPORT.findall(module.read_text("utf-8"))]
    return found


def _shell(page: str) -> str:
    return (FRONTEND / f"{page}.html").read_text("utf-8")


@pytest.mark.parametrize("page", SCRIPTS)
def test_the_scripts_of_a_page_are_small(page: str) -> None:
    [entry] = re.findall(r'<script type="module" src="([^"]+)"', _shell(page))
    modules = _modules(FRONTEND / entry)

    assert len(modules) > 5, "imports are found"
    assert sum(map(_compressed, modules)) <= SCRIPTS[page] * KB


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
