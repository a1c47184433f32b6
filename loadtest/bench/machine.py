"""What the numbers were taken on: processor, memory, system, versions, and what a commit to this disk costs."""

import os
import platform
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import redis

from devstack.stack import Stack
from loadtest.bench.database import Database

_PACKAGES = (
    "fastapi",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "asyncpg",
    "msgspec",
    "sqlalchemy",
    "psycopg2-binary",
)
WAL_BLOCK_BYTES = 8192


def describe(stack: Stack) -> dict[str, str]:
    """Names and values for people to read."""
    database = Database(stack.database_url)
    with redis.Redis.from_url(stack.redis_url) as client:
        info = client.info("server")
    server = info.get("server_name", "redis")
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{_system()}, kernel {platform.release()}",
        "load average before": f"{os.getloadavg()[0]:.2f}",
        "Python": platform.python_version(),
        "PostgreSQL": database.value("SHOW server_version"),
        "durability": ", ".join(
            f"{name} {database.value(f'SHOW {name}')}" for name in ("fsync", "synchronous_commit", "full_page_writes")
        ),
        "Redis": f"{server} {info.get('valkey_version', info['redis_version'])}",
        "one fdatasync of 8 kB": f"{fdatasync_us(stack.folder.path):.0f} µs",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    }


def fdatasync_us(folder: Path, *, times: int = 200) -> float:
    """The median of overwriting 8 kB of a file in `folder` and waiting for the disk, in microseconds."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        descriptor, block = file.fileno(), bytes(WAL_BLOCK_BYTES)
        os.write(descriptor, block * 16)
        os.fsync(descriptor)
        took = []
        for number in range(times):
            begun = time.perf_counter()
            os.pwrite(descriptor, block, number % 16 * WAL_BLOCK_BYTES)
            os.fdatasync(descriptor)
            took.append(time.perf_counter() - begun)
    return median(took) * 1e6


def revision() -> str:
    """Which version of this checkout was measured; empty without git."""
    import subprocess

    git = shutil.which("git")
    if git is None:
        return ""
    words = [git, "describe", "--always", "--dirty"]
    # S603: git, with words of ours.
    return subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parent).stdout.strip()  # noqa: S603


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()
