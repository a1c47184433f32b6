"""How much a browser fetches for a page, compressed: over a slow line every kilobyte is seen."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"

KB = 1000
# As they lie in the repository, comments included; the ticket brings the QR writer along.
SCRIPTS = {"index": 24, "event": 24, "movie": 24, "bookings": 24, "ticket": 29, "sign-in": 24, "account": 24}
# An organiser's, seldom opened; two of them bring the map along.
SCRIPTS |= {"admin": 29, "admin-edit": 29, "admin-new": 100, "admin-sales": 90}
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


def test_the_faces_of_a_western_page_are_small() -> None:
    faces = [path for path in (FRONTEND / "vendor").glob("*.woff2") if not path.name.endswith("-latin-ext.woff2")]

    assert len(faces) == 2
    assert sum(path.stat().st_size for path in faces) <= FACES * KB
