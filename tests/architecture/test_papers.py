"""What the papers say is there is there: files, headings, commands, decisions."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from devstack.cli import parse
from devstack.paths import ROOT
from tests.architecture.markdown import anchors, code_lines, links, papers

PAPERS = papers()
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SETTING = re.compile(r"[A-Z_]+=\S*")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_papers_that_everybody_looks_for_are_there() -> None:
    names = {_name(path) for path in PAPERS}

    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/architecture.md"} <= names


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_every_relative_link_leads_somewhere(paper: Path) -> None:
    broken = [target for target in links(paper) if not _ELSEWHERE.match(target) and not _leads(paper, target)]

    assert broken == []


def _leads(paper: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    found = (paper.parent / name).resolve() if name else paper
    if not found.exists() or not found.is_relative_to(ROOT):
        return False
    return not anchor or found.suffix != ".md" or anchor in anchors(found)


def test_every_frontrow_command_of_the_readme_is_in_the_help() -> None:
    help_text = subprocess.run(
        [sys.executable, "-P", "-m", "devstack", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    listed = set(re.findall(r"^  ([a-z-]+)  +\w", help_text, re.MULTILINE))
    used = {words[1] for words in _frontrow_lines(ROOT / "README.md") if len(words) > 1}

    assert {"up", "test"} <= used <= listed


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_every_frontrow_line_in_a_code_block_is_understood(paper: Path) -> None:
    for words in _frontrow_lines(paper):
        if len(words) > 1:
            parse(words[1:])  # exits, and so fails, with what is wrong


def _frontrow_lines(paper: Path) -> list[list[str]]:
    """The words of each line that runs `./frontrow`, without settings before it and comments behind it."""
    found = []
    for line in code_lines(paper):
        if "./frontrow" in line:
            words = shlex.split(line, comments=True)
            while words and _SETTING.fullmatch(words[0]):
                del words[0]
            if words and words[0] == "./frontrow":
                found.append(words)
    return found


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_scripts_that_code_blocks_run_are_there(paper: Path) -> None:
    scripts = [word for line in code_lines(paper) for word in re.findall(r"^\s*(\.[\w/-]*/[\w.-]+)(?:\s|$)", line)]

    # What lies in .venv is made by ./frontrow.
    missing = [script for script in scripts if not script.startswith(".venv/") and not (ROOT / script).is_file()]
    assert missing == []


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    listed = links(ROOT / "docs/decisions/README.md")

    assert numbers == list(range(1, len(DECISIONS) + 1))
    assert [path.name for path in DECISIONS] == [target for target in listed if target[0].isdigit()]


@pytest.mark.parametrize("decision", DECISIONS, ids=_name)
def test_a_decision_says_what_was_given_up(decision: Path) -> None:
    lines = decision.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith(f"# ADR-{decision.name[:4]}: ")
    assert lines[2].startswith(("Accepted, ", "Superseded by "))
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequences",
        "## Alternatives",
        "## What was given up",
    ]
