"""docs/accessibility.md names a test for every line that a machine can check. They are there."""

import re
from functools import cache
from pathlib import Path

import pytest

from devstack.paths import ROOT

PAPER = ROOT / "docs/accessibility.md"
_ROW = re.compile(r"^\| (?!---)(?P<line>[^|]+) \| (?P<proof>[^|]+) \|$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[^`:]+)::([^`]+)`")
TABLE = [(row["line"].strip(), row["proof"].strip()) for row in _ROW.finditer(PAPER.read_text("utf-8"))]
LINES = [(line, proof) for line, proof in TABLE if not line.startswith("What is wanted") and set(line) != {"-"}]
NAMED = sorted({(path, name) for _, proof in LINES for path, name in _NAMED.findall(proof)})


def test_the_paper_has_a_table_that_these_tests_can_read() -> None:
    assert len(LINES) > 40
    assert len(NAMED) > 50


@pytest.mark.parametrize(("line", "proof"), LINES, ids=[line[:60] for line, _ in LINES])
def test_every_line_names_a_test_or_says_what_is_done_instead(line: str, proof: str) -> None:
    assert _NAMED.search(proof) or re.search(r"by hand|measured|not kept|does not apply", proof)


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[f"{path}::{name}" for path, name in NAMED])
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    assert name in _tests_of(ROOT / path)


@cache
def _tests_of(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return set(re.findall(r"^(?:async )?def (test_\w+)\(", text, re.MULTILINE))
    return set(re.findall(r"""^\s*test\(["`](.+?)["`], """, text, re.MULTILINE))
