"""The launcher `./frontrow`: when it prepares .venv, with what, and what it says when it cannot."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from devstack.paths import ROOT

PINS = {"local": "a==1\n", "dev": "a==1\nb==2\n"}


class Commands:
    """Stands in for `step`: notes commands, and fails those that contain a certain word."""

    def __init__(self, launcher: ModuleType) -> None:
        self.launcher = launcher
        self.run: list[list[str]] = []
        self.fails: str | None = None

    def step(self, _title: str, command: list[str], _environment: object = None) -> tuple[bool, str]:
        self.run.append(command)
        if self.fails is not None and self.fails in command:
            return False, "what it wrote"
        if command[1:3] == ["-m", "venv"]:
            packages = Path(self.launcher.VENV, "packages")
            packages.mkdir()
            python = Path(self.launcher.VENV_PYTHON)
            python.parent.mkdir()
            python.write_text(f'#!/bin/sh\necho \'{{"version": "3.11.7", "packages": "{packages}"}}\'\n')
            python.chmod(0o755)
        return True, ""

    def installed_with(self) -> list[str]:
        return ["uv" if "uv" in command else "pip" for command in self.run if "--require-hashes" in command]


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The launcher in a checkout of its own."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("frontrow_launcher", str(ROOT / "frontrow"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "VENV_PYTHON": venv / "bin/python",
        "UNFINISHED": venv / "frontrow.unfinished",
    }.items():
        monkeypatch.setattr(module, name, str(value))
    for level, pins in PINS.items():
        (tmp_path / f"requirements-{level}.txt").write_text(pins)
    return module


@pytest.fixture
def commands(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What the launcher would have run."""
    made = Commands(launcher)
    monkeypatch.setattr(launcher, "step", made.step)
    return made


def test_the_first_use_makes_the_environment_and_the_second_does_nothing(
    launcher: ModuleType, commands: Commands
) -> None:
    launcher.prepare("local")
    first = list(commands.run)
    launcher.prepare("local")

    assert first[0][1:3] == ["-m", "venv"]
    assert first[-1][-1].endswith("requirements-local.txt")
    assert commands.run == first


def test_the_packages_of_the_checks_are_added_when_they_are_first_needed(
    launcher: ModuleType, commands: Commands
) -> None:
    launcher.prepare("local")
    launcher.prepare("dev")
    before = len(commands.run)
    launcher.prepare("local")

    assert commands.run[-1][-1].endswith("requirements-dev.txt")
    assert len(commands.run) == before
    assert sum(command[1:3] == ["-m", "venv"] for command in commands.run) == 1


def test_changed_pins_are_installed(launcher: ModuleType, commands: Commands, tmp_path: Path) -> None:
    launcher.prepare("local")
    before = len(commands.run)
    (tmp_path / "requirements-local.txt").write_text("a==2\n")

    launcher.prepare("local")

    assert len(commands.run) > before
    assert sum(command[1:3] == ["-m", "venv"] for command in commands.run) == 1


def test_an_interrupted_installation_is_begun_again_from_nothing(
    launcher: ModuleType, commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_level: str) -> None:
        (tmp_path / ".venv/half").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(launcher, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            launcher.prepare("local")

    launcher.prepare("local")

    assert not (tmp_path / ".venv/half").exists()
    assert launcher.is_prepared("local", launcher.probe())


def test_pip_does_the_work_when_uv_cannot_be_had(launcher: ModuleType, commands: Commands) -> None:
    commands.fails = launcher.UV_REQUIREMENTS

    launcher.prepare("local")

    assert commands.installed_with() == ["pip", "pip"]
    assert "--require-hashes" in commands.run[-1]


def test_pip_does_the_work_when_uv_fails(launcher: ModuleType, commands: Commands) -> None:
    commands.fails = "uv"

    launcher.prepare("local")

    assert commands.installed_with() == ["pip", "uv", "pip"]


def test_packages_that_cannot_be_installed_leave_no_environment_that_looks_ready(
    launcher: ModuleType, commands: Commands
) -> None:
    commands.fails = launcher.requirements_file("local")

    with pytest.raises(launcher.CannotPrepare, match="what it wrote"):
        launcher.prepare("local")

    assert not launcher.is_prepared("local", launcher.probe())


def test_a_python_without_venv_gets_the_line_that_installs_it(
    launcher: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(launcher.CannotPrepare, match="apt-get install python3-venv"):
        launcher.prepare("local")

    assert commands.run == []


def test_what_pip_is_configured_to_use_is_handed_on_and_the_environment_wins(launcher: ModuleType) -> None:
    listing = (
        ":env:.cert='/from/environment'\n"
        "global.cert='/from/file'\n"
        "global.index-url='https://mirror.example/simple'\n"
        "global.timeout='60'\n"
        "not a setting\n"
    )

    settings = launcher.pip_settings(listing)

    assert settings["cert"] == "/from/environment"
    assert settings["index-url"] == "https://mirror.example/simple"


def test_our_packages_are_found_wherever_the_checkout_lies(launcher: ModuleType, tmp_path: Path) -> None:
    packages = tmp_path / ".venv/lib/python3.11/site-packages"
    packages.mkdir(parents=True)

    launcher.write_path_file(str(packages))

    lines = (packages / "frontrow.pth").read_text().splitlines()
    assert not any(os.path.isabs(line) for line in lines)
    assert [(packages / line).resolve() for line in lines] == [
        tmp_path,
        *(tmp_path / name for name in ("auth-service", "events-service", "booking-service")),
    ]


def test_the_system_with_a_too_old_python_is_told_which_one_is_needed(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "OLDEST_PYTHON", (3, 99))

    with pytest.raises(SystemExit) as ended:
        launcher.main(["up"])

    assert ended.value.code == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_windows_is_pointed_to_compose_and_wsl(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher.os, "name", "nt")
    try:
        with pytest.raises(SystemExit):
            launcher.main(["up"])
    finally:
        # Before pytest itself looks at it.
        monkeypatch.undo()

    assert "WSL" in capsys.readouterr().err


def test_two_launchers_at_once_install_once(tmp_path: Path) -> None:
    """Real processes: the second waits for the first, and then has nothing to do."""
    program = (
        "import sys, time; sys.dont_write_bytecode = True\n"
        "from importlib.machinery import SourceFileLoader\n"
        f"launcher = SourceFileLoader('launcher', {str(ROOT / 'frontrow')!r}).load_module()\n"
        f"launcher.ROOT = {str(tmp_path)!r}\n"
        "with launcher.checkout_lock():\n"
        "    with open(launcher.ROOT + '/log', 'a') as log: log.write('in ')\n"
        "    time.sleep(0.3)\n"
        "    with open(launcher.ROOT + '/log', 'a') as log: log.write('out ')\n"
    )

    # S603: our own interpreter and a fixed text.
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]  # noqa: S603
    codes = [process.wait(20) for process in running]

    assert codes == [0, 0, 0]
    assert (tmp_path / "log").read_text() == "in out " * 3
