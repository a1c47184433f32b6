"""The scripts that load the sample data into the compose stack, read but not run."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).parents[3]
POWERSHELL = ROOT / "populate_database.ps1"
SHELL = ROOT / "populate_database.sh"

POWERSHELL_7_ONLY = ("&&", "||", "??", "?.", "-Parallel")


def parsed(source: bytes) -> Node:
    return Parser(Language(tree_sitter_powershell.language())).parse(source).root_node


def commands(script: Path) -> list[str]:
    """The docker commands in the order in which they run."""
    lines = (line.strip().removesuffix("||").strip() for line in script.read_text("ascii").splitlines())
    return [line for line in lines if line.startswith("docker ")]


def spoken(script: Path) -> list[str]:
    """What the script says to the person who runs it."""
    return re.findall(r'(?:Write-Host|echo|stop|Stop-AfterFailure) "([^$"][^"]*)"', script.read_text("ascii"))


def test_the_powershell_script_has_no_syntax_error() -> None:
    assert not parsed(POWERSHELL.read_bytes()).has_error


@pytest.mark.parametrize("broken", ["if ($x) {", "function { (", 'Write-Host "open'])
def test_the_parser_would_notice_a_syntax_error(broken: str) -> None:
    assert parsed(POWERSHELL.read_bytes() + broken.encode()).has_error


def test_the_powershell_script_uses_nothing_that_windows_powershell_lacks() -> None:
    """Windows PowerShell 5.1 also reads files without a byte order mark as ANSI: only ASCII is safe."""
    source = POWERSHELL.read_text("ascii")

    assert [operator for operator in POWERSHELL_7_ONLY if operator in source] == []


def test_the_shell_script_has_no_syntax_error() -> None:
    checked = subprocess.run(["/bin/sh", "-n", SHELL], capture_output=True, text=True, check=False)  # noqa: S603 - our own file

    assert (checked.returncode, checked.stderr) == (0, "")
    assert os.access(SHELL, os.X_OK)


def test_both_scripts_run_the_same_commands_in_the_same_order() -> None:
    assert commands(SHELL) == commands(POWERSHELL)
    assert commands(SHELL)[-1].endswith("python -m events_service.seeding")


def test_both_scripts_say_the_same() -> None:
    assert spoken(SHELL) == spoken(POWERSHELL)
    assert len(spoken(SHELL)) == 8
