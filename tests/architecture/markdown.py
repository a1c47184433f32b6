"""Reading our own papers: links, anchors, code blocks."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from devstack.paths import ROOT

_FENCE = re.compile(r"^\s*(```|~~~)")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$")
_LINKED_TEXT = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def papers() -> list[Path]:
    """Every markdown file of the checkout; not those of packages and caches, which live in hidden folders."""
    return sorted(path for path in ROOT.rglob("*.md") if not any(_is_foreign(part) for part in _parts(path)))


def links(path: Path) -> list[str]:
    """Targets of links and pictures, outside of code."""
    return [target for line in _prose(path) for target in _LINK.findall(_CODE_SPAN.sub("", line))]


def code_lines(path: Path) -> list[str]:
    """The lines inside of fenced code blocks."""
    return [line for is_code, line in _lines(path) if is_code]


@cache
def anchors(path: Path) -> frozenset[str]:
    """What `#…` may name in the file, as GitHub makes it from headings."""
    found: list[str] = []
    for line in _prose(path):
        if heading := _HEADING.match(line):
            text = _LINKED_TEXT.sub(r"\1", heading[1]).replace("`", "").lower()
            anchor = _NOT_IN_ANCHORS.sub("", text).replace(" ", "-")
            repeats = sum(earlier == anchor for earlier in found)
            found.append(anchor)
            if repeats:
                found.append(f"{anchor}-{repeats}")
    return frozenset(found)


def _prose(path: Path) -> list[str]:
    return [line for is_code, line in _lines(path) if not is_code]


def _lines(path: Path) -> Iterator[tuple[bool, str]]:
    is_code = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if _FENCE.match(line):
            is_code = not is_code
        else:
            yield is_code, line


def _parts(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT).parts


def _is_foreign(part: str) -> bool:
    return part.startswith(".") or part in ("node_modules", "test-results")
