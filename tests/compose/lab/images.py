"""Stand-ins for the four public base images, cut from one Debian root that apt's own mirrors provide.

They are not those images: another C library than Alpine's, and short entrypoints of ours (docs/self-hosting.md says
what that leaves untested). They carry the public names, inside the lab's own engine only.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.compose.lab.shell import CommandFailed, run

HERE = Path(__file__).parent
ROOT_IMAGE = "frontrow-lab-root:1"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
STAND_INS = {
    "python": "python:3.11-slim",
    "postgres": "postgres:15-alpine",
    "redis": "redis:7-alpine",
    "nginx": "nginx:alpine",
}
PACKAGES = "ca-certificates,python3,python3-pip,python3-venv,postgresql-15,redis-server,nginx-light,wget"


def make_stand_ins(environment: Mapping[str, str]) -> None:
    """Make what the engine of `environment` lacks; about a minute the first time. Raises `CommandFailed`."""
    if not _exists(ROOT_IMAGE, environment):
        _make_root(environment)
    with tempfile.TemporaryDirectory(prefix="frontrow-lab-") as folder:
        context = Path(folder)
        for name in ("standins.Dockerfile", "postgres-entrypoint.sh", "redis-entrypoint.sh"):
            shutil.copy(HERE / name, context)
        # So that pip inside a build trusts what this machine trusts, for example a company's proxy.
        shutil.copy(CERTIFICATES, context)
        for target, tag in STAND_INS.items():
            build: list[str | Path] = ["docker", "build", "-q", "--target", target, "-t", tag]
            build += ["-f", context / "standins.Dockerfile", context]
            # The old builder: it needs no plug-in, and takes its base from the engine without asking a registry.
            run(build, environment={**environment, "DOCKER_BUILDKIT": "0"})


def _exists(image: str, environment: Mapping[str, str]) -> bool:
    try:
        run(["docker", "image", "inspect", image], environment=environment)
    except CommandFailed:
        return False
    return True


def _make_root(environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="frontrow-lab-") as folder:
        archive = Path(folder) / "root.tar"
        no_cluster = (
            'mkdir -p "$1/etc/postgresql-common" && '
            'echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"'
        )
        left_out = [f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("man", "doc", "locale")]
        run(
            [
                *("mmdebstrap", "--quiet", "--variant=minbase", f"--setup-hook={no_cluster}", *left_out),
                *("--dpkgopt=force-confold", f"--include={PACKAGES}", "bookworm", archive),
            ],
        )
        run(["docker", "import", archive, ROOT_IMAGE], environment=environment)
