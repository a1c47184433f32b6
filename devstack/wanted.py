"""What some tests need and a bare machine lacks, with the line that installs it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A program from outside of the Python packages. Tests that need it are skipped by name without it."""

    name: str
    used_for: str
    install: str
    is_here: Callable[[], bool]


def has_node() -> bool:
    """Node.js 18 or newer: it has the test runner."""
    node = shutil.which("node")
    if node is None:
        return False
    # S603: the program just found.
    answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout  # noqa: S603
    major = answer.strip().lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= 18


def has_npm() -> bool:
    """npm, which fetches the bundler."""
    return shutil.which("npm") is not None


def has_chromium() -> bool:
    """A Chromium, of the system or of Playwright."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return True
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    places = [Path(folder)] if folder else []
    places += [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    return any(next(place.glob("chromium*"), None) for place in places)


def has_postgres_15() -> bool:
    """Debian's PostgreSQL 15, as production has it."""
    return Path("/usr/lib/postgresql/15/bin/initdb").exists()


def has_redis_7() -> bool:
    """The real Redis, beside the Valkey of the packages."""
    return shutil.which("redis-server") is not None


def has_container_engine() -> bool:
    """A Docker engine that answers."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    # S603: the program just found.
    return subprocess.run([docker, "info"], capture_output=True, timeout=20).returncode == 0  # noqa: S603


WANTED = (
    Wanted(
        name="Node.js",
        used_for="the front end's tests",
        install="sudo apt-get install nodejs",
        is_here=has_node,
    ),
    Wanted(
        name="npm",
        used_for="the test of the bundled pages",
        install="sudo apt-get install npm",
        is_here=has_npm,
    ),
    Wanted(
        name="Chromium",
        used_for="the journey in a browser",
        install=".venv/bin/playwright install --with-deps chromium",
        is_here=has_chromium,
    ),
    Wanted(
        name="PostgreSQL 15",
        used_for="the same tests on production's version (FRONTROW_PG_BIN=/usr/lib/postgresql/15/bin)",
        install="sudo apt-get install postgresql-15",
        is_here=has_postgres_15,
    ),
    Wanted(
        name="Redis 7",
        used_for="the same tests on production's server (FRONTROW_REDIS_BIN=/usr/bin/redis-server)",
        install="sudo apt-get install redis-server",
        is_here=has_redis_7,
    ),
    Wanted(
        name="Docker",
        used_for="the tests of docker-compose.yml",
        install="see https://docs.docker.com/engine/install/",
        is_here=has_container_engine,
    ),
)


def missing() -> list[Wanted]:
    """What is not on this machine."""
    return [wanted for wanted in WANTED if not wanted.is_here()]
