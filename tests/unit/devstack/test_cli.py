"""The help of `./frontrow` is complete, and needs nothing but the standard library."""

import subprocess
import sys

import pytest

from devstack.cli import COMMANDS, Command, parse
from devstack.paths import ROOT


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_each_command_shows_an_example(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([command.name, "--help"])

    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert "example" in printed
    assert f"./frontrow {command.name}" in printed


def test_without_a_command_the_list_of_commands_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([])

    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(command.summary in printed for command in COMMANDS)


def test_help_and_mistakes_need_no_installed_packages() -> None:
    """-I -S: the standard library alone, as on a bare machine."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from devstack.cli import parse; parse(['--help'])"

    # S603: our own interpreter and a fixed text.
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True)  # noqa: S603

    assert done.returncode == 0, done.stderr
    assert "commands:" in done.stdout


def test_what_race_does_not_know_goes_to_the_race_itself() -> None:
    arguments = parse(["race", "--users", "200", "--instances", "3"])

    assert arguments.instances == 3
    assert arguments.others == ["--users", "200"]


@pytest.mark.parametrize(
    "words", [["up", "--instances", "0"], ["up", "--colour"], ["dance"], ["create-admin"], ["--colour"]]
)
def test_a_mistake_is_refused_with_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)

    assert ended.value.code == 2
    assert "usage: ./frontrow" in capsys.readouterr().err
